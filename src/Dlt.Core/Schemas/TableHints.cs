using System.Collections.Immutable;

namespace Dlt.Schemas;

public sealed partial class TableSchema
{
    /// <summary>
    /// How a load treats the existing rows; null when the table does not specify it (nested tables follow the root table).
    /// </summary>
    /// <exception cref="SchemaException">The stored name is unknown.</exception>
    public WriteDisposition? WriteDisposition => HintText.Disposition(this[HintNames.WriteDisposition], Name);

    /// <summary>Merge strategy of the table with its options; null to use the destination's default.</summary>
    /// <exception cref="SchemaException">The stored name is unknown, or a stored time cannot be parsed.</exception>
    public MergeStrategy? MergeStrategy
    {
        get
        {
            if (Text(HintNames.MergeStrategy) is not { } name) return null;
            if (HintText.TryParse(name, out var kind)) return MergeStrategyHints.Read(this, kind);
            var known = string.Join(", ", Enum.GetValues<MergeStrategyKind>().Select(k => k.Name()));
            throw new SchemaException(
                $"Table '{Name}' has the merge strategy '{name}', which is unknown. Nothing was loaded. Use one of {known}.")
            {
                Table = Name,
            };
        }
    }

    /// <summary>Format of the table itself, ignoring its ancestors.</summary>
    /// <exception cref="SchemaException">The stored name is unknown.</exception>
    public TableFormat TableFormat => HintText.Format(this[HintNames.TableFormat], Name);

    /// <summary>Contract of the table itself; null when it has none.</summary>
    /// <exception cref="SchemaException">The stored contract is invalid.</exception>
    public SchemaContract? SchemaContract => Dlt.SchemaContract.Parse(this[HintNames.SchemaContract]);

    /// <summary>Columns that identify a row, in the order of the columns; empty when there is no primary key.</summary>
    public ImmutableArray<string> PrimaryKey => ColumnsWith(HintNames.PrimaryKey);

    /// <summary>
    /// Columns whose values select the rows that a merge replaces, in the order of the columns; empty when there is no merge key.
    /// </summary>
    public ImmutableArray<string> MergeKey => ColumnsWith(HintNames.MergeKey);

    /// <summary>
    /// Column that marks rows to delete: a boolean that is true, or any other value that is not null. Null when there is none.
    /// </summary>
    public string? HardDelete => ColumnsWith(HintNames.HardDelete) is [var first, ..] ? first : null;

    /// <summary>Order that selects one of several new rows with the same primary key; null for any row.</summary>
    public DedupSort? DedupSort => _columns.FirstOrDefault(c => c.Has(HintNames.DedupSort)) is not { } column ? null
        : new(column.Name, column.Properties[HintNames.DedupSort] is { Kind: JsonKind.String } order && order.AsString() == "desc");

    /// <summary>Returns a copy with another write disposition.</summary>
    internal TableSchema With(WriteDisposition disposition) => With(HintNames.WriteDisposition, JsonValue.String(disposition.Name()));

    /// <summary>Returns a copy with another format; <see cref="TableFormat.Default"/> removes the format.</summary>
    internal TableSchema With(TableFormat format) =>
        format == TableFormat.Default ? Without(HintNames.TableFormat) : With(HintNames.TableFormat, JsonValue.String(format.Name()));

    /// <summary>Returns a copy with another contract; null and <see cref="SchemaContract.None"/> remove the contract.</summary>
    internal TableSchema With(SchemaContract? contract) => contract?.ToJson() is { } stored
        ? With(HintNames.SchemaContract, stored) : Without(HintNames.SchemaContract);

    private ImmutableArray<string> ColumnsWith(string hint) => [.. _columns.Where(c => c.Has(hint)).Select(c => c.Name)];
}
