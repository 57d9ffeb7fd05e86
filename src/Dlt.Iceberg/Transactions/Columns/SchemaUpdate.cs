using System.Collections.Immutable;

namespace Dlt.Iceberg;

/// <summary>
/// Changes the columns of a table. Existing data files stay as they are. A column is given by its full name, such as <c>address.city</c> or
/// <c>lines.element.sku</c>, or by its path, a list such as <c>["lines", "element", "sku"]</c>. Names in a path may contain dots.
/// </summary>
public sealed class SchemaUpdate
{
    /// <summary>Prefixes of properties that end in the full name of a column.</summary>
    private static readonly string[] ColumnPrefixes =
        [MetricsConfig.ColumnPrefix, BloomFilterConfig.EnabledPrefix, BloomFilterConfig.RatePrefix];

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

    /// <summary>Returns the metadata as a commit of the change would make it. Callers use it to try a change before they write
    /// anything.</summary>
    /// <exception cref="IcebergException">The change is not legal.</exception>
    internal static TableMetadata Apply(TableMetadata metadata, Action<SchemaUpdate> change)
    {
        var updates = Prepare(metadata, change);
        return new TableMetadataBuilder(metadata, DateTimeOffset.MinValue).Apply(updates).Metadata;
    }

    /// <summary>Prepares the updates of a change of columns. A schema that the table already has becomes current again and keeps its
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

    /// <summary>Adds an optional column at the end of its struct.</summary>
    /// <param name="name">Full name of the column. The part before the last dot must be a struct, or a list or map of structs. If that part
    /// is not a column, the whole is the name of a top-level column. A path is never ambiguous.</param>
    /// <param name="type">Type of the column. Fields within it get new ids.</param>
    /// <param name="doc">Comment on the column; null for none.</param>
    /// <exception cref="IcebergException">A column or partition field already has the name, or the parent is not a struct.</exception>
    public SchemaUpdate AddColumn(string name, IcebergType type, string? doc = null)
    {
        var point = name.LastIndexOf('.');
        var parent = point < 0 ? null : Current.Find(name[..point]);
        return parent is null ? Add(null, name, name, type, doc) : Add(parent, name, name[(point + 1)..], type, doc);
    }

    /// <summary>Adds an optional column at the end of its struct.</summary>
    /// <param name="path">Names of the enclosing fields from the top, then of the column; one name for a top-level column.</param>
    /// <param name="type">Type of the column. Fields within it get new ids.</param>
    /// <param name="doc">Comment on the column; null for none.</param>
    /// <exception cref="IcebergException">An enclosing field does not exist or is not a struct, or a column or partition field already has
    /// the name.</exception>
    public SchemaUpdate AddColumn(IReadOnlyList<string> path, IcebergType type, string? doc = null)
    {
        if (path.Count == 0) throw new ArgumentException("The path is empty. Give at least one name.", nameof(path));
        var parent = path.Count == 1 ? null : Find([.. path.Take(path.Count - 1)]);
        return Add(parent, string.Join('.', path), path[^1], type, doc);
    }

    /// <summary>Drops a column. Its id is never used again.</summary>
    /// <exception cref="IcebergException">The column does not exist, it identifies rows, or the sort order or a partition spec uses
    /// it.</exception>
    public SchemaUpdate DropColumn(string name) => Drop(Find(name));

    /// <inheritdoc cref="DropColumn(string)"/>
    public SchemaUpdate DropColumn(IReadOnlyList<string> path) => Drop(Find(path));

    /// <summary>Renames a column. It keeps its id and its values.</summary>
    /// <exception cref="IcebergException">The column does not exist, or a column or partition field already has the new name.</exception>
    public SchemaUpdate RenameColumn(string name, string newName) => Rename(Find(name), newName);

    /// <inheritdoc cref="RenameColumn(string, string)"/>
    public SchemaUpdate RenameColumn(IReadOnlyList<string> path, string newName) => Rename(Find(path), newName);

    /// <summary>Widens the type of a column: int to long, float to double, a decimal to more digits of the same scale.</summary>
    /// <exception cref="IcebergException">The column does not exist, or its type cannot be widened to that type.</exception>
    public SchemaUpdate PromoteColumn(string name, PrimitiveType type) => Promote(Find(name), type);

    /// <inheritdoc cref="PromoteColumn(string, PrimitiveType)"/>
    public SchemaUpdate PromoteColumn(IReadOnlyList<string> path, PrimitiveType type) => Promote(Find(path), type);

    /// <summary>Allows nulls in a column.</summary>
    /// <exception cref="IcebergException">The column does not exist, or it identifies rows.</exception>
    public SchemaUpdate MakeOptional(string name) => MakeOptional(Find(name));

    /// <inheritdoc cref="MakeOptional(string)"/>
    public SchemaUpdate MakeOptional(IReadOnlyList<string> path) => MakeOptional(Find(path));

    /// <summary>Sets the comment on a column; null removes it.</summary>
    /// <exception cref="IcebergException">The column does not exist.</exception>
    public SchemaUpdate SetDoc(string name, string? doc) => Replace(Find(name), f => f with { Doc = doc });

    /// <inheritdoc cref="SetDoc(string, string?)"/>
    public SchemaUpdate SetDoc(IReadOnlyList<string> path, string? doc) => Replace(Find(path), f => f with { Doc = doc });

    /// <summary>Moves a column within its struct, behind another column or to the front.</summary>
    /// <param name="name">Full name of the column.</param>
    /// <param name="after">Full name of the column to move it behind; null moves it to the front.</param>
    /// <exception cref="IcebergException">A column does not exist, or they are not in the same struct.</exception>
    public SchemaUpdate MoveColumn(string name, string? after) => Move(Find(name), after is null ? null : Find(after));

    /// <summary>Moves a column within its struct, behind another column or to the front.</summary>
    /// <param name="path">Path of the column.</param>
    /// <param name="after">Path of the column to move it behind; null moves it to the front.</param>
    /// <exception cref="IcebergException">A column does not exist, or they are not in the same struct.</exception>
    public SchemaUpdate MoveColumn(IReadOnlyList<string> path, IReadOnlyList<string>? after) =>
        Move(Find(path), after is null ? null : Find(after));

    private SchemaUpdate Add(NestedField? parent, string fullName, string name, IcebergType type, string? doc)
    {
        if (Current.Find(fullName) is not null) throw IcebergException.Illegal($"There is already a column '{fullName}'.");
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

        var structure = SchemaEdits.StructOf(parent.Type)
            ?? throw IcebergException.Illegal($"'{Current.NameOf(parent.Id)}' is not a struct and cannot get a column '{name}'.");
        var extended = new StructType(structure.Fields.Add(field));
        return Replace(parent, p => p with { Type = SchemaEdits.WithStruct(p.Type, extended) });
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
        if (full != name && Current.Find(full) is not null) throw IcebergException.Illegal($"There is already a column '{full}'.");
        if (Current.ParentOf(field.Id) is { } parent && Current.Find(parent)!.Type is not StructType)
            throw IcebergException.Illegal($"'{name}' is the element of a list, or the key or value of a map. Its name is fixed.");
        Replace(field, f => f with { Name = newName });
        foreach (var prefix in ColumnPrefixes)
        {
            if (Properties.TryGetValue(prefix + name, out var value))
                Properties = Properties.Remove(prefix + name).SetItem(prefix + full, value);
        }

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
        if (!isLegal) throw IcebergException.Illegal($"Column '{name}' has type {field.Type}, which cannot be widened to {type}.");
        if (Current.ParentOf(field.Id) is { } parent && Current.Find(parent)!.Type is MapType map && map.KeyId == field.Id)
            throw IcebergException.Illegal($"'{name}' is the key of a map. Its type is fixed.");
        return Replace(field, f => f with { Type = type });
    }

    private SchemaUpdate MakeOptional(NestedField field)
    {
        if (_identifiers.Contains(field.Id))
            throw IcebergException.Illegal($"'{Current.NameOf(field.Id)}' identifies rows and cannot be optional.");
        return Replace(field, f => f with { IsRequired = false });
    }

    private SchemaUpdate Move(NestedField field, NestedField? after)
    {
        var current = Current;
        var parent = current.ParentOf(field.Id);
        if (after is not null && current.ParentOf(after.Id) != parent)
            throw IcebergException.Illegal($"'{current.NameOf(field.Id)}' and '{current.NameOf(after.Id)}' are not in the same struct.");
        if (parent is { } id)
        {
            return Replace(current.Find(id)!, p =>
            {
                var moved = new StructType(Moved(SchemaEdits.StructOf(p.Type)!.Fields));
                return p with { Type = SchemaEdits.WithStruct(p.Type, moved) };
            });
        }

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

    /// <summary>Finds a column by the names on its path, which may contain dots.</summary>
    private NestedField Find(IReadOnlyList<string> path)
    {
        if (path.Count == 0) throw new ArgumentException("The path is empty. Give at least one name.", nameof(path));
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
