"""What every room needs: problems as values, money in whole fen, days and half-open periods."""
