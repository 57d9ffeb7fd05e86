namespace Dlt.Sources.Rest;

/// <summary>A fact that was found automatically: where the records are, or the paginator.</summary>
/// <param name="Resource">Name of the resource.</param>
/// <param name="DataSelector">Path of the records, <c>$</c> for the whole body; null when the fact is the paginator.</param>
/// <param name="Paginator">The paginator; null when the fact is the selector.</param>
internal sealed record RestGuess(string Resource, string? DataSelector = null, RestPaginator? Paginator = null);
