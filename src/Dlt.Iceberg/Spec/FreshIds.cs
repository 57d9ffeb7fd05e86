using System.Collections.Immutable;

namespace Dlt.Iceberg;

/// <summary>Assigns new field ids, level by level (docs/spec/iceberg.md 2.2).</summary>
internal static class FreshIds
{
    /// <summary>Assigns ids from 1 on to the fields of a new table.</summary>
    /// <returns>The schema with new ids, and the new id of each old id.</returns>
    public static (Schema Schema, Dictionary<int, int> Ids) Of(Schema schema)
    {
        var next = 1;
        var ids = new Dictionary<int, int>();
        var fields = Of(schema.Fields, ref next, ids);
        return (new Schema(fields, 0, [.. schema.IdentifierFieldIds.Select(i => ids[i])]), ids);
    }

    /// <summary>Assigns ids to the fields within a type.</summary>
    /// <param name="type">Type with old ids.</param>
    /// <param name="next">The next free id; updated for each assigned id.</param>
    /// <param name="ids">Receives the new id of each old id.</param>
    public static IcebergType Of(IcebergType type, ref int next, Dictionary<int, int> ids)
    {
        switch (type)
        {
            case StructType structure:
                return new StructType(Of(structure.Fields, ref next, ids));
            case ListType list:
                var element = next++;
                ids[list.ElementId] = element;
                return new ListType(element, Of(list.Element, ref next, ids), list.IsElementRequired);
            case MapType map:
                var (key, value) = (next++, next++);
                (ids[map.KeyId], ids[map.ValueId]) = (key, value);
                return new MapType(key, Of(map.Key, ref next, ids), value, Of(map.Value, ref next, ids), map.IsValueRequired);
            default:
                return type;
        }
    }

    private static ImmutableArray<NestedField> Of(ImmutableArray<NestedField> fields, ref int next, Dictionary<int, int> ids)
    {
        var numbered = new List<NestedField>();
        foreach (var field in fields)
        {
            ids[field.Id] = next;
            numbered.Add(field with { Id = next++ });
        }

        for (var i = 0; i < numbered.Count; i++) numbered[i] = numbered[i] with { Type = Of(numbered[i].Type, ref next, ids) };
        return [.. numbered];
    }
}
