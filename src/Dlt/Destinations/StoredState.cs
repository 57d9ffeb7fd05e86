using Dlt.Json;

namespace Dlt.Destinations;

/// <summary>A pipeline's state as the destination has it.</summary>
/// <param name="LoadId">The load that brought it.</param>
/// <param name="State">The state, decoded: the object that dlt keeps in <c>_dlt_pipeline_state</c>.</param>
public sealed record StoredState(string LoadId, JsonValue State);
