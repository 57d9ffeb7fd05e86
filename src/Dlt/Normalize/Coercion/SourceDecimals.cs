using Dlt.Batches.Decimals;
using Dlt.Normalize.Rows;
using Dlt.Schemas;
using Schema = Dlt.Schemas.Schema;

namespace Dlt.Normalize.Coercion;

/// <summary>
/// Decimal digits that the source of a batch declares, by table and column. A new column gets the declared digits. Numbers of a database
/// that declares none are rounded to dlt's decimal(38,9) (docs/differences.md, numbers).
/// </summary>
internal sealed class SourceDecimals
{
    private readonly Dictionary<(string Table, string Column), DecimalDigits?> _digits = [];

    private SourceDecimals()
    {
    }

    /// <summary>Rows of a source without decimal metadata.</summary>
    public static SourceDecimals None { get; } = new();

    /// <summary>Reads the digits from the schema of a batch.</summary>
    /// <param name="batch">The schema of a batch of items.</param>
    /// <param name="table">Identifier of the root table.</param>
    /// <param name="schema">Schema that makes the names of tables and columns.</param>
    /// <param name="tree">Makes identifiers by the rules of the table.</param>
    public static SourceDecimals Of(Apache.Arrow.Schema batch, string table, Schema schema, RowTree tree)
    {
        var isTyped = DecimalMetadata.IsTyped(batch);
        if (!isTyped && !batch.FieldsList.Any(f => DecimalMetadata.Text(f) is not null)) return None;
        var decimals = new SourceDecimals();
        if (isTyped)
        {
            foreach (var field in new SourceFields(schema, tree).Of(batch, table))
                if (DecimalDigits.Of(field.Type) is { } digits) decimals._digits[(field.Table, field.Column)] = digits;
            return decimals;
        }

        foreach (var field in batch.FieldsList)
        {
            var column = schema.ColumnPath("", tree.Identifier(table, [], field.Name));
            if (DecimalMetadata.TryRead(field, out var digits)) decimals._digits[(table, column)] = digits;
        }

        return decimals;
    }

    /// <summary>Returns the hints of a new column, with the digits of the source unless the hints declare some.</summary>
    public ColumnSchema? Declare(string table, string column, ColumnSchema? hints)
    {
        if (_digits.Count == 0 || hints?.Precision is not null) return hints;
        if (!_digits.TryGetValue((table, column), out var declared) || declared is not { } digits) return hints;
        return (hints ?? new ColumnSchema(column))
            .With("data_type", JsonValue.String(DataType.Decimal.Name()))
            .With("precision", JsonValue.Integer(digits.Precision))
            .With("scale", JsonValue.Integer(digits.Scale));
    }

    /// <summary>
    /// Returns true when values are rounded to the digits of the column, because neither the database nor the column declares digits.
    /// </summary>
    public bool Rounds(string table, string name, ColumnSchema? column) =>
        _digits.Count > 0 && column?.Precision is null && _digits.TryGetValue((table, name), out var declared) && declared is null;
}
