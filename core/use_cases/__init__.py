"""What people can do with Tandem, one module each: decide, ask the world, record."""
