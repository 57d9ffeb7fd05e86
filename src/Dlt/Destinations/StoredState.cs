namespace Dlt.Destinations;

/// <summary>State of a pipeline, as stored in the destination.</summary>
/// <param name="LoadId">Id of the load that stored it.</param>
/// <param name="State">The decoded state: the object that dlt stores in <c>_dlt_pipeline_state</c>.</param>
public sealed record StoredState(string LoadId, JsonValue State);
