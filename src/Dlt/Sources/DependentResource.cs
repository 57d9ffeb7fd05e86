namespace Dlt;

/// <summary>
/// What a transformer has that reads more for each item of its parent, such as a REST endpoint: one context for the whole run, so that it
/// may have a cursor, and several items at the same time.
/// </summary>
/// <param name="Parallel">
/// Largest number of items of the parent that are worked on at the same time, 1 or more. Rows keep their order.
/// </param>
internal sealed record DependentResource(int Parallel);
