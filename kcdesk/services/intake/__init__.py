"""Takes in what other programs have made: spreadsheets of any layout, judged against the store, applied as one act."""
