using System.Collections.Immutable;
using Dlt.Schemas;

namespace Dlt;

/// <summary>
/// A set of resources that share a schema. Its name is the name of the schema and the key of its state (dlt documentation, Source).
/// </summary>
public sealed record Source
{
    /// <summary>Creates a source of these resources.</summary>
    /// <exception cref="SchemaException">The name is not an identifier of at most 64 letters, digits and underscores.</exception>
    /// <exception cref="ArgumentException">Two resources have the same name.</exception>
    public Source(string name, params IEnumerable<Resource> resources)
    {
        if (!Schema.IsValidName(name))
        {
            throw new SchemaException(
                $"'{name}' is not a source name. Use an identifier of at most 64 letters, digits and underscores.");
        }

        Name = name;
        Resources = [.. resources];
    }

    /// <summary>Name of the source: an identifier of at most 64 letters, digits and underscores.</summary>
    public string Name { get; }

    /// <summary>Resources of the source, each with a different name.</summary>
    /// <exception cref="ArgumentException">Two resources have the same name.</exception>
    public ImmutableArray<Resource> Resources { get; init => field = Checked(value); }

    /// <summary>Number of levels of nested tables; deeper values are stored as JSON. Null for the destination's limit.</summary>
    public int? MaxTableNesting { get; init; }

    /// <summary>True to add the id of the root row to all nested rows; null to decide per table.</summary>
    public bool? RootKey { get; init; }

    /// <summary>Contract for changes of the schema. Null allows all changes, unless a resource has its own contract.</summary>
    public SchemaContract? SchemaContract { get; init; }

    /// <summary>Types, hints and filters for all tables of the source; null for none.</summary>
    public SchemaHints? SchemaHints { get; init; }

    /// <summary>
    /// Completes the source by the settings of a run, before anything is extracted: gets the source, the configuration and the name of the
    /// pipeline. Null when the source is complete.
    /// </summary>
    internal Func<Source, DltConfiguration, string, Source>? Bind { get; init; }

    private ImmutableArray<Resource> Checked(ImmutableArray<Resource> resources)
    {
        if (resources.GroupBy(r => r.Name).FirstOrDefault(g => g.Count() > 1) is not { } twice) return resources;
        throw new ArgumentException(
            $"Source '{Name}' has two resources named '{twice.Key}'. Give one of them another name.", nameof(resources));
    }

    /// <summary>Returns a copy in which only these resources are loaded.</summary>
    /// <exception cref="ArgumentException">The source has no resource of that name.</exception>
    public Source WithResources(params IEnumerable<string> names)
    {
        var wanted = names.ToHashSet(StringComparer.Ordinal);
        if (wanted.FirstOrDefault(n => Resources.All(r => r.Name != n)) is { } unknown)
        {
            var known = string.Join(", ", Resources.Select(r => r.Name));
            throw new ArgumentException($"Source '{Name}' has no resource '{unknown}'. It has {known}.", nameof(names));
        }

        return this with { Resources = [.. Resources.Select(r => wanted.Contains(r.Name) ? r.Selected() : r.Unselected())] };
    }
}
