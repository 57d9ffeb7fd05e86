using System.Collections.Immutable;

namespace Dlt.Iceberg;

/// <summary>
/// Changes of columns. Old data files are not touched. A column is named by its full name, such as
/// <c>address.city</c> or <c>lines.element.sku</c>, or by its path, a list such as <c>["lines", "element", "sku"]</c>, whose parts are
/// taken literally: names may have dots of their own.
/// </summary>
public sealed class SchemaUpdate
{
    private const string MetricsPrefix = "write.metadata.metrics.column.";

    private readonly TableMetadata _metadata;
    private ImmutableArray<NestedField> _fields;
    private readonly ImmutableArray<int> _identifiers;
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

    /// <summary>The metadata after a change of columns: what a commit would make of them, so that a change can be tried before anything is
    /// written.</summary>
    /// <exception cref="IcebergException">The change is not legal.</exception>
    internal static TableMetadata Apply(TableMetadata metadata, Action<SchemaUpdate> change)
    {
        var updates = Prepare(metadata, change);
        return new TableMetadataBuilder(metadata, DateTimeOffset.MinValue).Apply(updates).Metadata;
    }

    /// <summary>Prepares the updates of a change of columns. A schema that the table has had becomes the current one again, under its old
    /// id.</summary>
    /// <exception cref="IcebergException">The change is not legal.</exception>
    internal static ImmutableArray<TableUpdate> Prepare(TableMetadata metadata, Action<SchemaUpdate> change)
    {
        var update = new SchemaUpdate(metadata);
        change(update);
        var schema = update.Current.WithId(metadata.Schemas.Max(s => s.SchemaId) + 1);
        if (schema.HasSameColumns(metadata.CurrentSchema)) return [];
        var properties = PropertyUpdates.Between(metadata.Properties, update.Properties);
        if (metadata.Schemas.FirstOrDefault(s => s.HasSameColumns(schema)) is { } same)
            return [new TableUpdate.SetCurrentSchema(same.SchemaId), .. properties];
        return
        [
            new TableUpdate.AddSchema(schema, update._lastColumnId),
            new TableUpdate.SetCurrentSchema(TableUpdate.LastAdded),
            .. properties,
        ];
    }

    /// <summary>Adds an optional column behind the others of its struct.</summary>
    /// <param name="name">What is before the last dot must be a struct, or a list or map of structs; where it is no column, the whole is
    /// the name of a top-level column. A path is never ambiguous.</param>
    /// <param name="type">Its type; fields in it get ids of their own.</param>
    /// <param name="doc">A comment.</param>
    /// <exception cref="IcebergException">The name is taken by a column or a partition field, or what it would be in is no
    /// struct.</exception>
    public SchemaUpdate AddColumn(string name, IcebergType type, string? doc = null)
    {
        var point = name.LastIndexOf('.');
        var parent = point < 0 ? null : Current.Find(name[..point]);
        return parent is null ? Add(null, name, name, type, doc) : Add(parent, name, name[(point + 1)..], type, doc);
    }

    /// <summary>Adds an optional column behind the others of its struct.</summary>
    /// <param name="path">The names of the fields around it from the top, then its own; one name for a top-level column.</param>
    /// <param name="type">Its type; fields in it get ids of their own.</param>
    /// <param name="doc">A comment.</param>
    /// <exception cref="IcebergException">A field around it is not there or no struct, or the name is taken by a column or a partition
    /// field.</exception>
    public SchemaUpdate AddColumn(IReadOnlyList<string> path, IcebergType type, string? doc = null)
    {
        if (path.Count == 0) throw new ArgumentException("A path has at least one name.", nameof(path));
        var parent = path.Count == 1 ? null : Find([.. path.Take(path.Count - 1)]);
        return Add(parent, string.Join('.', path), path[^1], type, doc);
    }

    /// <summary>Drops a column; its id is never used again.</summary>
    /// <exception cref="IcebergException">There is none, or the table is identified, sorted or, by any of its partition specs, partitioned
    /// by it.</exception>
    public SchemaUpdate DropColumn(string name) => Drop(Find(name));

    /// <inheritdoc cref="DropColumn(string)"/>
    public SchemaUpdate DropColumn(IReadOnlyList<string> path) => Drop(Find(path));

    /// <summary>Gives a column another name; its id stays, and so do its values.</summary>
    /// <exception cref="IcebergException">There is none, or the new name is taken by a column or a partition field.</exception>
    public SchemaUpdate RenameColumn(string name, string newName) => Rename(Find(name), newName);

    /// <inheritdoc cref="RenameColumn(string, string)"/>
    public SchemaUpdate RenameColumn(IReadOnlyList<string> path, string newName) => Rename(Find(path), newName);

    /// <summary>Widens a type: int to long, float to double, decimals to more digits.</summary>
    /// <exception cref="IcebergException">There is no such column, or the type cannot become that one.</exception>
    public SchemaUpdate PromoteColumn(string name, PrimitiveType type) => Promote(Find(name), type);

    /// <inheritdoc cref="PromoteColumn(string, PrimitiveType)"/>
    public SchemaUpdate PromoteColumn(IReadOnlyList<string> path, PrimitiveType type) => Promote(Find(path), type);

    /// <summary>Allows nulls in a column.</summary>
    /// <exception cref="IcebergException">There is none, or it identifies rows.</exception>
    public SchemaUpdate MakeOptional(string name) => MakeOptional(Find(name));

    /// <inheritdoc cref="MakeOptional(string)"/>
    public SchemaUpdate MakeOptional(IReadOnlyList<string> path) => MakeOptional(Find(path));

    /// <summary>Sets the comment of a column.</summary>
    /// <exception cref="IcebergException">There is none.</exception>
    public SchemaUpdate SetDoc(string name, string? doc) => Replace(Find(name), f => f with { Doc = doc });

    /// <inheritdoc cref="SetDoc(string, string?)"/>
    public SchemaUpdate SetDoc(IReadOnlyList<string> path, string? doc) => Replace(Find(path), f => f with { Doc = doc });

    /// <summary>Moves a column within its struct: behind another one, or to the front.</summary>
    /// <param name="name">The column.</param>
    /// <param name="after">Full name of the column before it; null for the front.</param>
    /// <exception cref="IcebergException">They are not in the same struct.</exception>
    public SchemaUpdate MoveColumn(string name, string? after) => Move(Find(name), after is null ? null : Find(after));

    /// <summary>Moves a column within its struct: behind another one, or to the front.</summary>
    /// <param name="path">The column.</param>
    /// <param name="after">Path of the column before it; null for the front.</param>
    /// <exception cref="IcebergException">They are not in the same struct.</exception>
    public SchemaUpdate MoveColumn(IReadOnlyList<string> path, IReadOnlyList<string>? after) =>
        Move(Find(path), after is null ? null : Find(after));

    private SchemaUpdate Add(NestedField? parent, string fullName, string name, IcebergType type, string? doc)
    {
        if (Current.Find(fullName) is not null) throw IcebergException.Illegal($"There is a column '{fullName}' already.");
        var id = ++_lastColumnId;
        var next = _lastColumnId + 1;
        var fresh = FreshIds.Of(type, ref next, []);
        _lastColumnId = next - 1;
        var field = new NestedField(id, name, fresh) { Doc = doc };
        if (parent is null)
        {
            _fields = _fields.Add(field);
            return this;
        }

        var structure = SchemaEdits.StructOf(parent.Type) ?? throw IcebergException.Illegal($"'{Current.NameOf(parent.Id)}' is no struct.");
        return Replace(parent, p => p with { Type = SchemaEdits.WithStruct(p.Type, new StructType(structure.Fields.Add(field))) });
    }

    private SchemaUpdate Drop(NestedField field)
    {
        var within = new Schema([field]).AllFields.Select(f => f.Field.Id).ToHashSet();
        new ColumnUses(_metadata).CheckUnused(Current.NameOf(field.Id)!, within, _identifiers);
        return Replace(field, _ => null);
    }

    private SchemaUpdate Rename(NestedField field, string newName)
    {
        var name = Current.NameOf(field.Id)!;
        var around = name[..^field.Name.Length];
        var full = around + newName;
        if (full != name && Current.Find(full) is not null) throw IcebergException.Illegal($"There is a column '{full}' already.");
        if (Current.ParentOf(field.Id) is { } parent && Current.Find(parent)!.Type is not StructType)
            throw IcebergException.Illegal($"'{name}' is an element, key or value, whose name is fixed.");
        Replace(field, f => f with { Name = newName });
        if (Properties.TryGetValue(MetricsPrefix + name, out var mode))
            Properties = Properties.Remove(MetricsPrefix + name).SetItem(MetricsPrefix + full, mode);
        if (Properties.TryGetValue("schema.name-mapping.default", out var mapping))
            Properties = Properties.SetItem("schema.name-mapping.default", NameMapping.WithName(mapping, field.Id, newName));
        return this;
    }

    private SchemaUpdate Promote(NestedField field, PrimitiveType type)
    {
        var name = Current.NameOf(field.Id);
        var isLegal = (field.Type as PrimitiveType, type) switch
        {
            ({ Kind: PrimitiveKind.Int }, { Kind: PrimitiveKind.Long })
                or ({ Kind: PrimitiveKind.Float }, { Kind: PrimitiveKind.Double }) => true,
            ({ Kind: PrimitiveKind.Decimal } old, { Kind: PrimitiveKind.Decimal }) =>
                old.Scale == type.Scale && old.Precision <= type.Precision,
            var (old, now) => old == now,
        };
        if (!isLegal) throw IcebergException.Illegal($"'{name}' is {field.Type} and cannot become {type}.");
        if (Current.ParentOf(field.Id) is { } parent && Current.Find(parent)!.Type is MapType map && map.KeyId == field.Id)
            throw IcebergException.Illegal($"'{name}' is the key of a map, whose type is fixed.");
        return Replace(field, f => f with { Type = type });
    }

    private SchemaUpdate MakeOptional(NestedField field)
    {
        if (_identifiers.Contains(field.Id))
            throw IcebergException.Illegal($"'{Current.NameOf(field.Id)}' identifies rows and must not be null.");
        return Replace(field, f => f with { IsRequired = false });
    }

    private SchemaUpdate Move(NestedField field, NestedField? after)
    {
        var current = Current;
        var parent = current.ParentOf(field.Id);
        if (after is not null && current.ParentOf(after.Id) != parent)
            throw IcebergException.Illegal($"'{current.NameOf(field.Id)}' and '{current.NameOf(after.Id)}' are not in the same struct.");
        if (parent is { } id)
            return Replace(current.Find(id)!,
                p => p with { Type = SchemaEdits.WithStruct(p.Type, new StructType(Moved(SchemaEdits.StructOf(p.Type)!.Fields))) });
        _fields = Moved(_fields);
        return this;

        ImmutableArray<NestedField> Moved(ImmutableArray<NestedField> fields)
        {
            var rest = fields.RemoveAll(f => f.Id == field.Id);
            var at = after is null ? 0 : rest.IndexOf(rest.First(f => f.Id == after.Id)) + 1;
            return rest.Insert(at, fields.First(f => f.Id == field.Id));
        }
    }

    private NestedField Find(string name) => Current.Find(name) ?? throw NoColumn(name);

    /// <summary>Walks down by names, so that a dot in a name is a dot.</summary>
    private NestedField Find(IReadOnlyList<string> path)
    {
        if (path.Count == 0) throw new ArgumentException("A path has at least one name.", nameof(path));
        NestedField? found = null;
        foreach (var name in path)
        {
            var within = found is null ? _fields : ChildrenOf(found);
            found = within.FirstOrDefault(f => f.Name == name) ?? throw NoColumn(string.Join('.', path));
        }

        return found!;
    }

    private ImmutableArray<NestedField> ChildrenOf(NestedField field) => field.Type switch
    {
        StructType structure => structure.Fields,
        ListType list => [Current.Find(list.ElementId)!],
        MapType map => [Current.Find(map.KeyId)!, Current.Find(map.ValueId)!],
        _ => [],
    };

    private static IcebergException NoColumn(string name) => IcebergException.Illegal($"There is no column '{name}'.");

    private SchemaUpdate Replace(NestedField field, Func<NestedField, NestedField?> change)
    {
        _fields = SchemaEdits.Replaced(_fields, field.Id, change);
        return this;
    }
}
