"""The decisions of Tandem: rules, state machines and use cases, without any input or output."""
