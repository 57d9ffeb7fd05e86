using System.Collections.Immutable;
using Dlt.Json;
using Dlt.Schemas;

namespace Dlt;

/// <summary>
/// Resources that share a schema; the name of the source is the name of the schema and the key of its state (dlt documentation, Source).
/// </summary>
public sealed record Source
{
    /// <summary>A source of these resources.</summary>
    /// <exception cref="SchemaException">The name is not an identifier of at most 64 characters.</exception>
    /// <exception cref="ArgumentException">Two resources have one name.</exception>
    public Source(string name, params IEnumerable<Resource> resources)
    {
        if (!Schema.IsValidName(name)) throw new SchemaException($"'{name}' is not a source name. Use an identifier of at most 64 "
            + "letters, digits and underscores.");
        Name = name;
        Resources = [.. resources];
    }

    /// <summary>An identifier.</summary>
    public string Name { get; }

    /// <summary>Its resources.</summary>
    /// <exception cref="ArgumentException">Two resources have one name.</exception>
    public ImmutableArray<Resource> Resources { get; init => field = Checked(value); }

    /// <summary>Levels of nested tables; deeper data stays JSON.</summary>
    public int? MaxTableNesting { get; init; }

    /// <summary>True: nested rows carry the id of their root row; null: decided per table.</summary>
    public bool? RootKey { get; init; }

    /// <summary>What may change in the schema; null: everything, unless the contract of a resource says otherwise.</summary>
    public SchemaContract? SchemaContract { get; init; }

    /// <summary>Types, hints and filters for all tables; null for none.</summary>
    public SchemaHints? SchemaHints { get; init; }

    private ImmutableArray<Resource> Checked(ImmutableArray<Resource> resources) =>
        resources.GroupBy(r => r.Name).FirstOrDefault(g => g.Count() > 1) is not { } twice
            ? resources
            : throw new ArgumentException($"Source '{Name}' has two resources named '{twice.Key}'. Give one of them another name.",
                nameof(resources));

    /// <summary>A copy in which only these resources are loaded.</summary>
    /// <exception cref="ArgumentException">A name is not known.</exception>
    public Source WithResources(params IEnumerable<string> names)
    {
        var wanted = names.ToHashSet(StringComparer.Ordinal);
        if (wanted.FirstOrDefault(n => Resources.All(r => r.Name != n)) is { } unknown)
            throw new ArgumentException($"Source '{Name}' has no resource '{unknown}'. It has "
                + $"{string.Join(", ", Resources.Select(r => r.Name))}.", nameof(names));
        return this with { Resources = [.. Resources.Select(r => wanted.Contains(r.Name) ? r.Selected() : r.Unselected())] };
    }
}
