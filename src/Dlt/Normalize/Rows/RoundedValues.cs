namespace Dlt.Normalize.Rows;

/// <summary>Counts, by column, the values of a chunk that were rounded; what it counted goes with the rows that are taken back.</summary>
internal sealed class RoundedValues
{
    private readonly List<(string Table, string Column, long Values)> _notes = [];

    /// <summary>Notes so far, to go back to with <see cref="Truncate"/>.</summary>
    public int Count => _notes.Count;

    /// <summary>The notes, in the order of the rows; a column may have many.</summary>
    public IReadOnlyList<(string Table, string Column, long Values)> Notes => _notes;

    /// <param name="table">The table.</param>
    /// <param name="column">The column.</param>
    /// <param name="values">How many of its values: 1 or more.</param>
    public void Add(string table, string column, long values) => _notes.Add((table, column, values));

    /// <summary>Forgets all notes but the first <paramref name="count"/>.</summary>
    public void Truncate(int count) => _notes.RemoveRange(count, _notes.Count - count);
}
