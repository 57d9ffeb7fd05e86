using System.Collections.Immutable;

namespace Dlt;

/// <summary>What a drop will do. Nothing is changed yet.</summary>
public sealed record DropPreview
{
    /// <summary>Name of the schema.</summary>
    public required string SchemaName { get; init; }

    /// <summary>The selected resources, in the order of the schema.</summary>
    public ImmutableArray<string> Resources { get; init; } = [];

    /// <summary>Tables that are removed from the schema, nested tables before their parents.</summary>
    public ImmutableArray<string> Tables { get; init; } = [];

    /// <summary>Those of <see cref="Tables"/> that were loaded: they are dropped in the destination, with their rows.</summary>
    public ImmutableArray<string> TablesWithData { get; init; } = [];

    /// <summary>Resources whose state is removed.</summary>
    public ImmutableArray<string> ResourceStates { get; init; } = [];

    /// <summary>Paths in the state of the source whose values are removed.</summary>
    public ImmutableArray<string> StatePaths { get; init; } = [];

    /// <summary>Parts of the selection that select nothing.</summary>
    public ImmutableArray<string> Warnings { get; init; } = [];

    /// <summary>True when nothing is selected.</summary>
    public bool IsEmpty => Tables.IsEmpty && ResourceStates.IsEmpty && StatePaths.IsEmpty;
}
