namespace Dlt.Sources.Rest;

/// <summary>Something that was found out about an endpoint automatically: where the records are, or how it pages.</summary>
/// <param name="Resource">Name of the resource.</param>
/// <param name="DataSelector">Path of the records, <c>$</c> for the whole body; null when this is about paging.</param>
/// <param name="Paginator">Type of the paginator; null when this is about records.</param>
/// <param name="Key">Path or key that the paginator uses; null for none.</param>
internal sealed record RestDetected(string Resource, string? DataSelector, string? Paginator = null, string? Key = null);
