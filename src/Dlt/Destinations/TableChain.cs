using System.Collections.Immutable;
using Dlt.Schemas;

namespace Dlt.Destinations;

/// <summary>A root table and its nested tables, as far as a load changes them: what is published together.</summary>
/// <param name="Root">The root table, which says how all of them are written.</param>
/// <param name="Mode">What becomes of the rows that are there.</param>
/// <param name="Tables">The tables, nested ones before those above them.</param>
public sealed record TableChain(TableSchema Root, WriteMode Mode, ImmutableArray<ChainTable> Tables);

/// <summary>A table of a chain.</summary>
/// <param name="Table">The table.</param>
/// <param name="Jobs">Its files in the package; none for a table that only loses rows.</param>
public sealed record ChainTable(TableSchema Table, ImmutableArray<LoadJob> Jobs);
