using System.Collections.Immutable;

namespace Dlt;

/// <summary>What <see cref="Pipeline.DropAsync"/> drops of one schema (dlt documentation, Pipeline drop).</summary>
public sealed record DropSelection
{
    /// <summary>
    /// Names of resources; <c>re:PATTERN</c> selects all whose whole name matches the regular expression. Their tables with nested ones are
    /// dropped, and their state is removed.
    /// </summary>
    public ImmutableArray<string> Resources { get; init; } = [];

    /// <summary>True: all resources of the schema.</summary>
    public bool DropAll { get; init; }

    /// <summary>
    /// Paths into the state of the source, whose values are removed: member names with dots between them, <c>*</c> for all members, such as
    /// <c>last_page</c>, <c>resources.orders.cursor</c> or <c>$.archives[*]</c>. A wildcard at the top does not select <c>resources</c>.
    /// </summary>
    public ImmutableArray<string> StatePaths { get; init; } = [];

    /// <summary>Name of the schema; null for the default schema of the pipeline.</summary>
    public string? SchemaName { get; init; }

    /// <summary>True: tables stay, and only state is removed.</summary>
    public bool StateOnly { get; init; }
}
