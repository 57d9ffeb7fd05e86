using System.Collections.Immutable;
using Dlt.Json;

namespace Dlt.Schemas;

public sealed partial class TableSchema
{
    /// <summary>What a load does with the rows that the table has; null when the table says nothing (nested tables follow the root).</summary>
    /// <exception cref="SchemaException">The stored word is unknown.</exception>
    public WriteDisposition? WriteDisposition => HintText.Disposition(this[HintNames.WriteDisposition], Name);

    /// <summary>
    /// The strategy of <see cref="Dlt.WriteDisposition.Merge"/> with its options; null when the table leaves it to the destination.
    /// </summary>
    /// <exception cref="SchemaException">The stored word is unknown, or a stored time is not one.</exception>
    public MergeStrategy? MergeStrategy
    {
        get
        {
            if (Text(HintNames.MergeStrategy) is not { } name) return null;
            return HintText.TryParse(name, out var kind) ? MergeStrategyHints.Read(this, kind) : throw new SchemaException(
                $"Table '{Name}' has the merge strategy '{name}', which is unknown. Nothing was loaded. Use one of "
                + $"{string.Join(", ", Enum.GetValues<MergeStrategyKind>().Select(k => k.Name()))}.") { Table = Name };
        }
    }

    /// <summary>The format of the table itself, without that of tables above.</summary>
    /// <exception cref="SchemaException">The stored word is unknown.</exception>
    public TableFormat TableFormat => HintText.Format(this[HintNames.TableFormat], Name);

    /// <summary>The contract of the table itself; null when it has none.</summary>
    /// <exception cref="SchemaException">What is stored is not a contract.</exception>
    public SchemaContract? SchemaContract => Dlt.SchemaContract.Parse(this[HintNames.SchemaContract]);

    /// <summary>Columns that identify a row, in the order of the columns; empty for none.</summary>
    public ImmutableArray<string> PrimaryKey => ColumnsWith(HintNames.PrimaryKey);

    /// <summary>Columns by which rows are replaced together, in the order of the columns; empty for none.</summary>
    public ImmutableArray<string> MergeKey => ColumnsWith(HintNames.MergeKey);

    /// <summary>
    /// The column that marks rows to delete: a boolean that is true, or any other value that is not null. Null for none.
    /// </summary>
    public string? HardDelete => ColumnsWith(HintNames.HardDelete) is [var first, ..] ? first : null;

    /// <summary>Which of several new rows of one primary key a merge keeps; null: any.</summary>
    public DedupSort? DedupSort => _columns.FirstOrDefault(c => c.Has(HintNames.DedupSort)) is not { } column ? null
        : new(column.Name, column.Properties[HintNames.DedupSort] is { Kind: JsonKind.String } order && order.AsString() == "desc");

    /// <summary>A copy with another write disposition.</summary>
    internal TableSchema With(WriteDisposition disposition) => With(HintNames.WriteDisposition, JsonValue.String(disposition.Name()));

    /// <summary>A copy with another format; without one for <see cref="TableFormat.Default"/>.</summary>
    internal TableSchema With(TableFormat format) =>
        format == TableFormat.Default ? Without(HintNames.TableFormat) : With(HintNames.TableFormat, JsonValue.String(format.Name()));

    /// <summary>A copy with another contract; without one for null and <see cref="SchemaContract.None"/>.</summary>
    internal TableSchema With(SchemaContract? contract) => contract?.ToJson() is { } stored
        ? With(HintNames.SchemaContract, stored) : Without(HintNames.SchemaContract);

    private ImmutableArray<string> ColumnsWith(string hint) => [.. _columns.Where(c => c.Has(hint)).Select(c => c.Name)];
}
