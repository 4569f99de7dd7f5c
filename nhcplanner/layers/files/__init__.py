"""Users' files, whatever their format: tables, sheets, names of columns, what cells say."""
