namespace Dlt.Normalize.Rows;

/// <summary>A position in the rows of all tables.</summary>
/// <param name="Rows">Number of rows of each table.</param>
/// <param name="Rounded">Number of notes of <see cref="RoundedValues"/>.</param>
internal readonly record struct RowMark(int[] Rows, int Rounded);
