using Apache.Arrow.Types;
using Dlt.Normalize.Rows;
using Schema = Dlt.Schemas.Schema;

namespace Dlt.Normalize.Coercion;

/// <summary>
/// Date and timestamp columns of a batch. Their values outside the years 1 to 9999 arrive as text
/// (<see cref="Dlt.Batches.Values.FarTime"/>), from which the type of a new column cannot be inferred.
/// </summary>
internal sealed class SourceTimes
{
    private readonly Dictionary<(string Table, string Column), IArrowType> _types = [];

    private SourceTimes()
    {
    }

    /// <summary>Rows of a source without dates and timestamps.</summary>
    public static SourceTimes None { get; } = new();

    /// <summary>Reads the columns from the schema of a batch.</summary>
    /// <param name="batch">The schema of a batch of items.</param>
    /// <param name="table">Identifier of the root table.</param>
    /// <param name="schema">Schema that makes the names of tables and columns.</param>
    /// <param name="tree">Makes identifiers by the rules of the table.</param>
    public static SourceTimes Of(Apache.Arrow.Schema batch, string table, Schema schema, RowTree tree)
    {
        if (!batch.FieldsList.Any(f => HasTime(f.DataType))) return None;
        var times = new SourceTimes();
        foreach (var field in new SourceFields(schema, tree).Of(batch, table))
            if (HasTime(field.Type)) times._types[(field.Table, field.Column)] = field.Type;
        return times;
    }

    /// <summary>Returns the type in the batch of a column that is, or contains, dates or timestamps; null for other columns.</summary>
    public IArrowType? Of(string table, string column) =>
        _types.Count > 0 && _types.TryGetValue((table, column), out var type) ? type : null;

    /// <summary>Returns date or timestamp; null for another type.</summary>
    public static DataType? TypeOf(IArrowType? type) => type switch
    {
        Date32Type or Date64Type => DataType.Date,
        TimestampType => DataType.Timestamp,
        DictionaryType dictionary => TypeOf(dictionary.ValueType),
        _ => null,
    };

    private static bool HasTime(IArrowType type) =>
        TypeOf(type) is not null || (type is Apache.Arrow.Types.NestedType nested && nested.Fields.Any(f => HasTime(f.DataType)));
}
