using System.Collections.Immutable;

namespace Dlt.Iceberg;

/// <summary>Replaces a field within nested fields, at any depth.</summary>
internal static class SchemaEdits
{
    /// <summary>Returns a struct itself, or the struct in the elements of a list or the values of a map; null for other types.</summary>
    public static StructType? StructOf(IcebergType type) => type switch
    {
        StructType structure => structure,
        ListType { Element: StructType element } => element,
        MapType { Value: StructType value } => value,
        _ => null,
    };

    /// <summary>Returns the type with another struct in the place of the one that <see cref="StructOf"/> returns.</summary>
    public static IcebergType WithStruct(IcebergType type, StructType structure) => type switch
    {
        ListType list => list with { Element = structure },
        MapType map => map with { Value = structure },
        _ => structure,
    };

    /// <summary>Returns the fields with one of them changed, or dropped when <paramref name="change"/> returns null.</summary>
    /// <exception cref="IcebergException">The dropped field is the element of a list or the value of a map.</exception>
    public static ImmutableArray<NestedField> Replaced(ImmutableArray<NestedField> fields, int id, Func<NestedField, NestedField?> change)
    {
        var result = ImmutableArray.CreateBuilder<NestedField>();
        foreach (var field in fields)
        {
            var changed = field.Id == id ? change(field) : field with { Type = Replaced(field.Type, id, change) };
            if (changed is not null) result.Add(changed);
        }

        return result.ToImmutable();
    }

    private static IcebergType Replaced(IcebergType type, int id, Func<NestedField, NestedField?> change) => type switch
    {
        StructType structure => new StructType(Replaced(structure.Fields, id, change)),
        ListType list => Replaced(list, id, change),
        MapType map => Replaced(map, id, change),
        _ => type,
    };

    private static ListType Replaced(ListType list, int id, Func<NestedField, NestedField?> change)
    {
        var element = new NestedField(list.ElementId, "element", list.Element, list.IsElementRequired);
        var changed = list.ElementId == id
            ? change(element) ?? throw IcebergException.Illegal("The element of a list cannot be dropped.")
            : element with { Type = Replaced(list.Element, id, change) };
        return new ListType(list.ElementId, changed.Type, changed.IsRequired);
    }

    private static MapType Replaced(MapType map, int id, Func<NestedField, NestedField?> change)
    {
        var value = new NestedField(map.ValueId, "value", map.Value, map.IsValueRequired);
        var changed = map.ValueId == id
            ? change(value) ?? throw IcebergException.Illegal("The values of a map cannot be dropped.")
            : value with { Type = Replaced(map.Value, id, change) };
        return map with { Key = Replaced(map.Key, id, change), Value = changed.Type, IsValueRequired = changed.IsRequired };
    }
}
