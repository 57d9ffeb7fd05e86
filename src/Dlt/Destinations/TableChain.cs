using System.Collections.Immutable;
using Dlt.Schemas;

namespace Dlt.Destinations;

/// <summary>A root table and those of its nested tables that a load changes. They are published together.</summary>
/// <param name="Root">The root table; its hints decide how all tables of the chain are written.</param>
/// <param name="Mode">What publishing does with the existing rows.</param>
/// <param name="Tables">The tables, nested ones before their parents.</param>
public sealed record TableChain(TableSchema Root, WriteMode Mode, ImmutableArray<ChainTable> Tables);

/// <summary>A table of a chain, with the files to load into it.</summary>
/// <param name="Table">The table.</param>
/// <param name="Jobs">Files of the package for the table; none for a table that only loses rows.</param>
public sealed record ChainTable(TableSchema Table, ImmutableArray<LoadJob> Jobs);
