using Dlt.Batches.Decimals;
using Dlt.Json;
using Dlt.Schemas;
using Dlt.Types;
using Schema = Dlt.Schemas.Schema;

namespace Dlt.Normalize.Rows;

/// <summary>
/// What the source of a batch says of its decimals, by the columns that they become: declared digits are those of a new column, and numbers
/// of a database that declares none are rounded to dlt's decimal(38,9) (docs/differences.md, numbers).
/// </summary>
internal sealed class SourceDecimals
{
    private readonly Dictionary<(string Table, string Column), DecimalDigits?> _digits = [];

    private SourceDecimals()
    {
    }

    /// <summary>Rows whose source says nothing.</summary>
    public static SourceDecimals None { get; } = new();

    /// <param name="batch">The schema of a batch of items.</param>
    /// <param name="table">Identifier of the root table.</param>
    /// <param name="schema">Makes names of tables and columns.</param>
    /// <param name="tree">The same, by the rules of the table.</param>
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

    /// <summary>The hints of a new column, with the digits that the source declares unless there are some.</summary>
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
    /// True when values of the source are rounded to the digits of the column: neither the database nor the column declares any.
    /// </summary>
    public bool Rounds(string table, string name, ColumnSchema? column) =>
        _digits.Count > 0 && column?.Precision is null && _digits.TryGetValue((table, name), out var declared) && declared is null;
}
