"""Calendar data and invitations as iCalendar text."""
