namespace Dlt.Normalize.Rows;

/// <summary>Counts, by column, the rounded values of a chunk. Counts of discarded rows can be taken back.</summary>
internal sealed class RoundedValues
{
    private readonly List<(string Table, string Column, long Values)> _notes = [];

    /// <summary>Number of notes so far, for <see cref="Truncate"/>.</summary>
    public int Count => _notes.Count;

    /// <summary>The notes, in the order of the rows; a column may have several.</summary>
    public IReadOnlyList<(string Table, string Column, long Values)> Notes => _notes;

    /// <summary>Adds a note about rounded values of a column.</summary>
    /// <param name="table">The table.</param>
    /// <param name="column">The column.</param>
    /// <param name="values">Number of rounded values: 1 or more.</param>
    public void Add(string table, string column, long values) => _notes.Add((table, column, values));

    /// <summary>Removes all notes except the first <paramref name="count"/>.</summary>
    public void Truncate(int count) => _notes.RemoveRange(count, _notes.Count - count);
}
