namespace Dlt;

/// <summary>A steady pace of requests to one host.</summary>
/// <param name="Requests">Number of requests, 1 or more.</param>
/// <param name="Per">Time in which they may start.</param>
public sealed record RestRateLimit(int Requests, TimeSpan Per);
