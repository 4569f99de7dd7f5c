"""England in the box: any council, ICB or region of England as a Place, without a download."""
