using System.Collections.Immutable;

namespace Dlt.Iceberg;

/// <summary>Changes of columns; names are full ones, such as <c>address.city</c> or <c>lines.element.sku</c> (spec/iceberg.md 6.6). Old data files are not touched.</summary>
public sealed class SchemaUpdate
{
    private const string MetricsPrefix = "write.metadata.metrics.column.";

    private readonly TableMetadata _metadata;
    private ImmutableArray<NestedField> _fields;
    private ImmutableArray<int> _identifiers;
    private int _lastColumnId;

    internal SchemaUpdate(TableMetadata metadata)
    {
        _metadata = metadata;
        _fields = metadata.CurrentSchema.Fields;
        _identifiers = metadata.CurrentSchema.IdentifierFieldIds;
        _lastColumnId = metadata.LastColumnId;
        Properties = metadata.Properties;
    }

    internal ImmutableSortedDictionary<string, string> Properties { get; private set; }

    private Schema Current => new(_fields, 0, _identifiers);

    /// <summary>Adds an optional column behind the others of its struct.</summary>
    /// <exception cref="IcebergException">The name is taken, or what it would be in is no struct.</exception>
    public SchemaUpdate AddColumn(string name, IcebergType type, string? doc = null)
    {
        var point = name.LastIndexOf('.');
        var parent = point < 0 ? null : Current.Find(name[..point]);
        if (point >= 0 && parent is null && Current.Find(name) is null && !name.Contains('.', StringComparison.Ordinal)) throw NoColumn(name[..point]);
        var own = parent is null ? name : name[(point + 1)..];
        if (Current.Find(name) is not null) throw IcebergException.Illegal($"There is a column '{name}' already.");
        var id = ++_lastColumnId;
        var next = _lastColumnId + 1;
        var fresh = TableMetadataChanges.Fresh(type, ref next, []);
        _lastColumnId = next - 1;
        var field = new NestedField(id, own, fresh) { Doc = doc };
        if (parent is null) _fields = _fields.Add(field);
        else Replace(parent.Id, p => p with { Type = StructOf(p.Type) is { } inner ? WithStruct(p.Type, new StructType(inner.Fields.Add(field))) : throw IcebergException.Illegal($"'{name[..point]}' is no struct.") });
        return this;
    }

    /// <summary>Drops a column; its id is never used again.</summary>
    /// <exception cref="IcebergException">There is none, or the table is identified, partitioned or sorted by it.</exception>
    public SchemaUpdate DropColumn(string name)
    {
        var field = Find(name);
        var within = new Schema([field]).AllFields.Select(f => f.Field.Id).ToHashSet();
        if (_identifiers.Any(within.Contains)) throw IcebergException.Illegal($"'{name}' identifies rows and cannot be dropped.");
        if (_metadata.DefaultSpec.Fields.FirstOrDefault(f => within.Contains(f.SourceId) && f.Transform is not VoidTransform) is { } partition) throw IcebergException.Illegal($"The table is partitioned by '{partition.Name}', which is made of '{name}'. Change the partition spec first.");
        if (_metadata.SortOrders.FirstOrDefault(o => o.OrderId == _metadata.DefaultSortOrderId)?.Fields.Any(f => within.Contains(f.SourceId)) == true) throw IcebergException.Illegal($"The table is sorted by '{name}'. Change the sort order first.");
        Replace(field.Id, _ => null);
        return this;
    }

    /// <summary>Gives a column another name; its id stays, and so do its values.</summary>
    /// <exception cref="IcebergException">There is none, or the new name is taken.</exception>
    public SchemaUpdate RenameColumn(string name, string newName)
    {
        var field = Find(name);
        var point = name.LastIndexOf('.');
        var full = point < 0 ? newName : $"{name[..point]}.{newName}";
        if (full != name && Current.Find(full) is not null) throw IcebergException.Illegal($"There is a column '{full}' already.");
        if (Current.ParentOf(field.Id) is { } parent && Current.Find(parent)!.Type is not StructType) throw IcebergException.Illegal($"'{name}' is an element, key or value, whose name is fixed.");
        Replace(field.Id, f => f with { Name = newName });
        if (Properties.TryGetValue(MetricsPrefix + name, out var mode)) Properties = Properties.Remove(MetricsPrefix + name).SetItem(MetricsPrefix + full, mode);
        if (Properties.TryGetValue("schema.name-mapping.default", out var mapping)) Properties = Properties.SetItem("schema.name-mapping.default", NameMapping.WithName(mapping, field.Id, newName));
        return this;
    }

    /// <summary>Widens a type: int to long, float to double, decimals to more digits.</summary>
    /// <exception cref="IcebergException">There is no such column, or the type cannot become that one.</exception>
    public SchemaUpdate PromoteColumn(string name, PrimitiveType type)
    {
        var field = Find(name);
        var isLegal = (field.Type as PrimitiveType, type) switch
        {
            ({ Kind: PrimitiveKind.Int }, { Kind: PrimitiveKind.Long }) or ({ Kind: PrimitiveKind.Float }, { Kind: PrimitiveKind.Double }) => true,
            ({ Kind: PrimitiveKind.Decimal } old, { Kind: PrimitiveKind.Decimal }) => old.Scale == type.Scale && old.Precision <= type.Precision,
            var (old, now) => old == now,
        };
        if (!isLegal) throw IcebergException.Illegal($"'{name}' is {field.Type} and cannot become {type}.");
        if (Current.ParentOf(field.Id) is { } parent && Current.Find(parent)!.Type is MapType map && map.KeyId == field.Id) throw IcebergException.Illegal($"'{name}' is the key of a map, whose type is fixed.");
        Replace(field.Id, f => f with { Type = type });
        return this;
    }

    /// <summary>Allows nulls in a column.</summary>
    /// <exception cref="IcebergException">There is none, or it identifies rows.</exception>
    public SchemaUpdate MakeOptional(string name)
    {
        var field = Find(name);
        if (_identifiers.Contains(field.Id)) throw IcebergException.Illegal($"'{name}' identifies rows and must not be null.");
        Replace(field.Id, f => f with { IsRequired = false });
        return this;
    }

    /// <summary>Sets the comment of a column.</summary>
    /// <exception cref="IcebergException">There is none.</exception>
    public SchemaUpdate SetDoc(string name, string? doc)
    {
        Replace(Find(name).Id, f => f with { Doc = doc });
        return this;
    }

    /// <summary>Moves a column within its struct: behind another one, or to the front.</summary>
    /// <param name="name">The column.</param>
    /// <param name="after">Full name of the column before it; null for the front.</param>
    /// <exception cref="IcebergException">They are not in the same struct.</exception>
    public SchemaUpdate MoveColumn(string name, string? after)
    {
        var field = Find(name);
        var parent = Current.ParentOf(field.Id);
        var before = after is null ? null : Find(after);
        if (before is not null && Current.ParentOf(before.Id) != parent) throw IcebergException.Illegal($"'{name}' and '{after}' are not in the same struct.");
        ImmutableArray<NestedField> Moved(ImmutableArray<NestedField> fields)
        {
            var rest = fields.RemoveAll(f => f.Id == field.Id);
            return rest.Insert(before is null ? 0 : rest.IndexOf(rest.First(f => f.Id == before.Id)) + 1, fields.First(f => f.Id == field.Id));
        }

        if (parent is { } id) Replace(id, p => p with { Type = WithStruct(p.Type, new StructType(Moved(StructOf(p.Type)!.Fields))) });
        else _fields = Moved(_fields);
        return this;
    }

    internal (Schema Schema, int LastColumnId) Result() => (Current, _lastColumnId);

    private NestedField Find(string name) => Current.Find(name) ?? throw NoColumn(name);

    private static IcebergException NoColumn(string name) => IcebergException.Illegal($"There is no column '{name}'.");

    /// <summary>A struct, or the struct in a list or a map's values.</summary>
    private static StructType? StructOf(IcebergType type) => type switch
    {
        StructType structure => structure,
        ListType { Element: StructType element } => element,
        MapType { Value: StructType value } => value,
        _ => null,
    };

    private static IcebergType WithStruct(IcebergType type, StructType structure) => type switch
    {
        ListType list => list with { Element = structure },
        MapType map => map with { Value = structure },
        _ => structure,
    };

    private void Replace(int id, Func<NestedField, NestedField?> change) => _fields = Replaced(_fields, id, change);

    private static ImmutableArray<NestedField> Replaced(ImmutableArray<NestedField> fields, int id, Func<NestedField, NestedField?> change)
    {
        var result = ImmutableArray.CreateBuilder<NestedField>();
        foreach (var field in fields)
        {
            if ((field.Id == id ? change(field) : field with { Type = Replaced(field.Type, id, change) }) is { } kept) result.Add(kept);
        }

        return result.ToImmutable();
    }

    private static IcebergType Replaced(IcebergType type, int id, Func<NestedField, NestedField?> change)
    {
        switch (type)
        {
            case StructType structure: return new StructType(Replaced(structure.Fields, id, change));
            case ListType list:
                var element = new NestedField(list.ElementId, "element", list.Element, list.IsElementRequired);
                element = list.ElementId == id ? change(element) ?? throw IcebergException.Illegal("The element of a list cannot be dropped.") : element with { Type = Replaced(list.Element, id, change) };
                return new ListType(list.ElementId, element.Type, element.IsRequired);
            case MapType map:
                var value = new NestedField(map.ValueId, "value", map.Value, map.IsValueRequired);
                value = map.ValueId == id ? change(value) ?? throw IcebergException.Illegal("The values of a map cannot be dropped.") : value with { Type = Replaced(map.Value, id, change) };
                return map with { Key = Replaced(map.Key, id, change), Value = value.Type, IsValueRequired = value.IsRequired };
            default: return type;
        }
    }
}
