using System.Text;
using Apache.Arrow;
using Apache.Arrow.Types;
using Dlt.Parquet;
using Dlt.Json;
using Dlt.Types;

namespace Dlt.Batches.Values;

/// <summary>Structs, lists and maps: JSON where a column takes them whole.</summary>
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

/// <summary>Structs: nested objects.</summary>
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

/// <summary>Lists of any kind.</summary>
/// <param name="array">The lists.</param>
/// <param name="parent">The struct around them.</param>
/// <param name="elements">The elements of all lists.</param>
/// <param name="placeOf">Where the elements of a row begin and end.</param>
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

/// <summary>Maps: objects whose names are the keys as texts.</summary>
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
