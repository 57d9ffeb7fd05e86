using System.Globalization;
using Apache.Arrow;
using Dlt.Iceberg;
using Apache.Arrow.Types;
using ArrowField = Apache.Arrow.Field;
using ArrowList = Apache.Arrow.Types.ListType;
using ArrowMap = Apache.Arrow.Types.MapType;
using ArrowSchema = Apache.Arrow.Schema;
using ArrowStruct = Apache.Arrow.Types.StructType;

namespace Dlt.Parquet.Reading;

/// <summary>Maps the fields of a request to the columns of a file (docs/spec/iceberg.md 1.6).</summary>
internal sealed class FileProjection
{
    private readonly DataFileRequest _request;
    private readonly (NestedField Field, string? Column)[] _columns;
    private readonly Dictionary<ArrowField, int> _mapped = new(ReferenceEqualityComparer.Instance);
    private readonly ArrowSchema _file;

    public FileProjection(ArrowSchema file, DataFileRequest request)
    {
        _file = file;
        _request = request;
        if (!file.FieldsList.Any(HasId)) MapIds(file, request);
        _columns = [.. request.Schema.Fields.Select(f => (f, file.FieldsList.FirstOrDefault(c => IdOf(c) == f.Id)?.Name))];
    }

    /// <summary>Returns the leaf columns of the file that are needed; null for all.</summary>
    public int[]? LeafColumns(ParquetSharp.Arrow.FileReader reader)
    {
        var wanted = _columns.Where(c => c.Column is not null).Select(c => c.Column!).ToHashSet(StringComparer.Ordinal);
        if (_file.FieldsList.GroupBy(f => f.Name).Any(g => g.Count() > 1)) return null;
        var leaves = new List<int>();
        using var parquet = reader.ParquetReader;
        var schema = parquet.FileMetaData.Schema;
        for (var i = 0; i < schema.NumColumns; i++)
            if (wanted.Contains(schema.Column(i).Path.ToDotVector()[0])) leaves.Add(i);
        return leaves.Count == schema.NumColumns || leaves.Count == 0 ? null : [.. leaves];
    }

    /// <summary>
    /// Returns the columns of the request as Arrow arrays. Columns of the file with the same type are returned unchanged, all other columns
    /// are converted.
    /// </summary>
    public IEnumerable<IArrowArray> Columns(RecordBatch batch)
    {
        foreach (var (field, column) in _columns)
        {
            if (column is null)
            {
                yield return ArrowColumns.Build(field.Type, [.. Enumerable.Repeat(_request.ValueOfMissing(field), batch.Length)]);
                continue;
            }

            var at = batch.Schema.GetFieldIndex(column);
            var array = batch.Column(at);
            if (ArrowColumns.IsOf(field.Type, array.Data.DataType))
            {
                yield return array;
                continue;
            }

            var value = ValueOf(field.Type, batch.Schema.GetFieldByIndex(at), _file.GetFieldByName(column), array, field.Name);
            yield return ArrowColumns.Build(field.Type, [.. Enumerable.Range(0, batch.Length).Select(value)]);
        }
    }

    public IReadOnlyList<object?[]> Rows(RecordBatch batch)
    {
        var rows = new object?[batch.Length][];
        for (var row = 0; row < rows.Length; row++) rows[row] = new object?[_columns.Length];
        for (var i = 0; i < _columns.Length; i++)
        {
            var (field, column) = _columns[i];
            if (column is null)
            {
                var constant = _request.ValueOfMissing(field);
                for (var row = 0; row < rows.Length; row++) rows[row][i] = constant;
                continue;
            }

            var at = batch.Schema.GetFieldIndex(column);
            var value = ValueOf(field.Type, batch.Schema.GetFieldByIndex(at), _file.GetFieldByName(column), batch.Column(at), field.Name);
            for (var row = 0; row < rows.Length; row++) rows[row][i] = value(row);
        }

        return rows;
    }

    private Func<int, object?> ValueOf(IcebergType type, ArrowField field, ArrowField original, IArrowArray array, string name)
    {
        switch (type, array)
        {
            case (Dlt.Iceberg.StructType structure, StructArray values): return StructOf(structure, (ArrowStruct)original.DataType, values);
            case (Dlt.Iceberg.ListType list, ListArray values):
                var element = ValueOf(list.Element, ((ArrowList)field.DataType).ValueField,
                    ((ArrowList)original.DataType).ValueField, values.Values, name);
                return row => values.IsNull(row)
                    ? null
                    : Enumerable.Range(values.ValueOffsets[row], values.GetValueLength(row)).Select(element).ToList();
            case (Dlt.Iceberg.ListType list, LargeListArray values):
                var item = ValueOf(list.Element, ((LargeListType)field.DataType).ValueField,
                    ((LargeListType)original.DataType).ValueField, values.Values, name);
                return row =>
                {
                    if (values.IsNull(row)) return null;
                    var (start, end) = (values.ValueOffsets[row], values.ValueOffsets[row + 1]);
                    return Enumerable.Range((int)start, (int)(end - start)).Select(item).ToList();
                };
            case (Dlt.Iceberg.MapType map, MapArray values):
                var pairs = (ArrowMap)field.DataType;
                var originals = (ArrowMap)original.DataType;
                var key = ValueOf(map.Key, pairs.KeyField, originals.KeyField, values.Keys, name);
                var member = ValueOf(map.Value, pairs.ValueField, originals.ValueField, values.Values, name);
                return row =>
                {
                    if (values.IsNull(row)) return null;
                    var entries = Enumerable.Range(values.ValueOffsets[row], values.GetValueLength(row));
                    return entries.Select(i => KeyValuePair.Create(key(i), member(i))).ToList();
                };
            case (PrimitiveType primitive, _):
                var read = ArrowValueReader.Of(array, primitive) ?? throw Wrong(name, type, array);
                return row =>
                {
                    if (array.IsNull(row)) return null;
                    var value = read(row);
                    return primitive.TryPromote(value, out var promoted) ? promoted : throw Wrong(name, type, array);
                };
            default: throw Wrong(name, type, array);
        }
    }

    private Func<int, object?> StructOf(Dlt.Iceberg.StructType type, ArrowStruct original, StructArray values)
    {
        var members = new Func<int, object?>[type.Fields.Length];
        for (var i = 0; i < members.Length; i++)
        {
            var wanted = type.Fields[i];
            var at = original.Fields.ToList().FindIndex(f => IdOf(f) == wanted.Id);
            if (at < 0)
            {
                var constant = _request.ValueOfMissing(wanted);
                members[i] = _ => constant;
                continue;
            }

            members[i] = ValueOf(wanted.Type, ((ArrowStruct)values.Data.DataType).Fields[at],
                original.Fields[at], values.Fields[at], wanted.Name);
        }

        return row => values.IsNull(row) ? null : members.Select(m => m(row)).ToArray();
    }

    private IcebergException Wrong(string name, IcebergType type, IArrowArray array) => new(
        IcebergError.Corrupt,
        $"{_request.Location}: column '{name}' holds {array.Data.DataType.Name}, which cannot be read as {type}. "
        + "Nothing of the table was changed. Restore the file, or read an older snapshot.")
    {
        File = _request.Location,
    };

    private int? IdOf(ArrowField field)
    {
        if (_mapped.TryGetValue(field, out var mapped)) return mapped;
        if (field.Metadata is not { } metadata || !metadata.TryGetValue("PARQUET:field_id", out var id)) return null;
        var isNumber = int.TryParse(id, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number);
        return isNumber && number >= 0 ? number : null;
    }

    private bool HasId(ArrowField field) => IdOf(field) is not null || (field.DataType is NestedType nested && nested.Fields.Any(HasId));

    /// <summary>Assigns ids to the columns of a file without ids: by the table's name mapping, or by position.</summary>
    private void MapIds(ArrowSchema file, DataFileRequest request)
    {
        if (request.NameMapping is { Kind: JsonKind.Array } mapping)
        {
            foreach (var field in file.FieldsList) MapByName(field, mapping);
            return;
        }

        for (var i = 0; i < file.FieldsList.Count; i++)
        {
            var id = i + 1;
            if (request.TableSchema?.Find(id)?.Type is not PrimitiveType && request.Schema.Find(id) is { } nested)
            {
                throw new IcebergException(
                    IcebergError.Unsupported,
                    $"{request.Location} has no field ids, and the table has no name mapping: the nested column '{nested.Name}' cannot be "
                    + "found. Nothing of the table was changed. Set the table's property schema.name-mapping.default.")
                {
                    File = request.Location,
                };
            }

            _mapped[file.FieldsList[i]] = id;
        }
    }

    private void MapByName(ArrowField field, JsonValue mapping)
    {
        var found = Find(mapping, field.Name);
        if (found?["field-id"] is { Kind: JsonKind.Integer } id) _mapped[field] = (int)id.AsInt64();
        if (found?["fields"] is not { Kind: JsonKind.Array } inner) return;
        switch (field.DataType)
        {
            case ArrowStruct structure:
                foreach (var member in structure.Fields) MapByName(member, inner);
                break;
            case ArrowList list:
                MapElement(list.ValueField, inner, "element");
                break;
            case LargeListType list:
                MapElement(list.ValueField, inner, "element");
                break;
            case ArrowMap map:
                MapElement(map.KeyField, inner, "key");
                MapElement(map.ValueField, inner, "value");
                break;
        }
    }

    /// <summary>Returns the entry of a name mapping that lists a name; null when there is none.</summary>
    private static JsonValue? Find(JsonValue mapping, string name) => mapping.Items.FirstOrDefault(
        m => m["names"] is { Kind: JsonKind.Array } names && names.Items.Any(n => n.AsString() == name));

    private void MapElement(ArrowField field, JsonValue mapping, string name)
    {
        var found = Find(mapping, name);
        if (found?["fields"] is not { Kind: JsonKind.Array } inner || field.DataType is not ArrowStruct structure) return;
        foreach (var member in structure.Fields) MapByName(member, inner);
    }
}
