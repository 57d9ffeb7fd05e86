using Apache.Arrow;
using Apache.Arrow.Types;
using Dlt.Parquet;

namespace Dlt.Batches.Values;

/// <summary>Base class for structs, lists and maps. Columns of type json store them as JSON.</summary>
internal abstract class NestedValues(IArrowArray array, ArrowValues? parent) : ArrowValues(array, parent)
{
    public override DataValue Value(int row) => DataValue.FromJson(Json(row))!.Value;

    public override bool Fits(ColumnType type, int from) => type is { DataType: DataType.Json, Nested: null };

    public override void Copy(TableColumnTarget target, int to, int from)
    {
        var buffer = (BytesBuffer)target.Buffer;
        for (var row = from; row < Length; row++)
            if (!IsNull(row)) buffer.Append(to + row - from, JsonText.WriteUtf8(Value(row).AsJson));
    }
}

/// <summary>Reads structs as nested objects.</summary>
internal sealed class StructValues : NestedValues
{
    public StructValues(StructArray array, ArrowValues? parent) : base(array, parent)
    {
        var type = (StructType)array.Data.DataType;
        Fields = [.. type.Fields.Zip(array.Fields, (field, values) => (field.Name, Of(values, this)))];
    }

    public IReadOnlyList<(string Name, ArrowValues Values)> Fields { get; }

    protected override JsonValue Json(int row) => JsonValue.Object(Fields.Select(f => KeyValuePair.Create(f.Name, f.Values.ToJson(row))));
}

/// <summary>Reads lists of any Arrow list type.</summary>
/// <param name="array">Array of the lists.</param>
/// <param name="parent">Struct around the array; null for none.</param>
/// <param name="elements">Elements of all lists.</param>
/// <param name="placeOf">Returns the first element of a row, and the element after its last one.</param>
internal sealed class ListValues(IArrowArray array, ArrowValues? parent, IArrowArray elements, Func<int, (int Start, int End)> placeOf)
    : NestedValues(array, parent)
{
    private readonly ArrowValues _elements = Of(elements);

    protected override JsonValue Json(int row)
    {
        var (start, end) = placeOf(row);
        return JsonValue.Array([.. Enumerable.Range(start, end - start).Select(_elements.ToJson)]);
    }
}

/// <summary>Reads maps as objects. Their names are the keys as texts.</summary>
internal sealed class MapValues(MapArray array, ArrowValues? parent) : NestedValues(array, parent)
{
    private readonly ArrowValues _keys = Of(array.Keys);
    private readonly ArrowValues _values = Of(array.Values);

    protected override JsonValue Json(int row)
    {
        var start = array.ValueOffsets[row];
        return JsonValue.Object(Enumerable.Range(start, array.ValueOffsets[row + 1] - start)
            .Select(i => KeyValuePair.Create(_keys.Value(i).ToString()!, _values.ToJson(i))));
    }
}
