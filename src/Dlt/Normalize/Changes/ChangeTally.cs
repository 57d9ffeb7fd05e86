using System.Text;
using Dlt.Items;
using Dlt.Normalize.Rows;
using Dlt.Parquet;
using Dlt.Schemas;

namespace Dlt.Normalize.Changes;

/// <summary>
/// Counts, while a package is normalised, the values for its load info: those in variant columns, rounded ones, and rejects. It counts the
/// stored rows, chunk by chunk.
/// </summary>
/// <param name="rejects">Identifier of the table <c>_dlt_rejected</c>.</param>
/// <param name="tableColumn">Column of that table that names the table of the rejected row.</param>
/// <param name="reasonColumn">Column of that table that holds the reason.</param>
internal sealed class ChangeTally(string rejects, string tableColumn, string reasonColumn)
{
    private const int MaxReasons = 100;
    private const string OtherReasons = "other reasons";

    private readonly Dictionary<(string Table, string Column), long> _variants = [];
    private readonly Dictionary<(string Table, string Column), long> _rounded = [];
    private readonly Dictionary<string, long> _discarded = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Dictionary<string, long>> _rejects = new(StringComparer.Ordinal);

    /// <summary>Number of values by variant column.</summary>
    public IReadOnlyDictionary<(string Table, string Column), long> Variants => _variants;

    /// <summary>Number of rounded values by column.</summary>
    public IReadOnlyDictionary<(string Table, string Column), long> Rounded => _rounded;

    /// <summary>Rejected rows by table and reason, in the order of the data.</summary>
    public IEnumerable<RejectedRows> Rejects => _rejects.SelectMany(t => t.Value.Select(r => new RejectedRows(t.Key, r.Key, r.Value)));

    /// <summary>Rows that a contract dropped, by table.</summary>
    public IReadOnlyDictionary<string, long> Discarded => _discarded;

    /// <summary>Creates a tally with the names of a schema.</summary>
    public static ChangeTally Of(Schema schema) => new(
        schema.NormalizeTableIdentifier(RejectedItem.Table),
        schema.NormalizeIdentifier(RejectedItem.TableNameColumn),
        schema.NormalizeIdentifier(RejectedItem.ReasonColumn));

    /// <summary>Counts a chunk before its rows are moved to the row groups.</summary>
    public void Add(IEnumerable<TableBuffer> tables, RoundedValues rounded)
    {
        foreach (var table in tables)
        {
            if (table.Rows == 0) continue;
            if (table.Name == rejects) AddRejects(table);
            else if (!SystemTables.IsSystemName(table.Name)) AddVariants(table);
        }

        foreach (var (table, column, values) in rounded.Notes) Increase(_rounded, (table, column), values);
    }

    /// <summary>Counts the rows of a chunk that a contract dropped.</summary>
    public void AddDiscarded(IEnumerable<KeyValuePair<string, long>> rows)
    {
        foreach (var (table, count) in rows) Increase(_discarded, table, count);
    }

    private void AddVariants(TableBuffer table)
    {
        foreach (var column in table.Columns.Where(c => c.Buffer.ValueCount > 0 && c.Schema.Has("variant")))
            Increase(_variants, (table.Name, column.Schema.Name), column.Buffer.ValueCount);
    }

    private void AddRejects(TableBuffer rejected)
    {
        var tables = Texts(rejected, tableColumn);
        var reasons = Texts(rejected, reasonColumn);
        for (var row = 0; row < rejected.Rows; row++)
        {
            if (!_rejects.TryGetValue(tables[row], out var counts)) _rejects[tables[row]] = counts = new(StringComparer.Ordinal);
            var reason = counts.ContainsKey(reasons[row]) || counts.Count < MaxReasons ? reasons[row] : OtherReasons;
            Increase(counts, reason, 1);
        }
    }

    private static string[] Texts(TableBuffer table, string column)
    {
        var texts = new string[table.Rows];
        Array.Fill(texts, "");
        if (!table.TryGetColumn(column, out var found) || found!.Buffer is not BytesBuffer values) return texts;
        var value = 0;
        for (var row = 0; row < texts.Length; row++)
            if (values.IsValid(row)) texts[row] = Encoding.UTF8.GetString(values.Value(value++));
        return texts;
    }

    private static void Increase<TKey>(Dictionary<TKey, long> counts, TKey key, long by)
        where TKey : notnull => counts[key] = counts.GetValueOrDefault(key) + by;
}
