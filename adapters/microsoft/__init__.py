"""Microsoft 365 and Outlook.com: sign-in by msal, calendars by Microsoft Graph."""
