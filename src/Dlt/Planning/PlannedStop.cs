namespace Dlt;

/// <summary>
/// Where a run would stop, and why: a broken contract, a row that cannot be loaded, or a table that the destination refuses.
/// </summary>
/// <param name="Step"><c>extract</c>, <c>normalize</c> or <c>load</c>.</param>
/// <param name="Reason">Message of the error that the run would end with.</param>
public sealed record PlannedStop(string Step, string Reason);

/// <summary>A package of an earlier run, which a run would load before its source.</summary>
/// <param name="LoadId">Id of the load.</param>
/// <param name="IsNormalized">
/// True when its changes of tables are among those of the plan; false for a package that waits to be normalised, which the plan leaves
/// alone.
/// </param>
/// <param name="RowCounts">Number of rows by table, or of items by root table while the package is not normalised.</param>
public sealed record PendingPackage(string LoadId, bool IsNormalized, IReadOnlyDictionary<string, long> RowCounts);
