namespace Dlt;

/// <summary>Paginator of your own: one object per series of pages.</summary>
public abstract class RestPages
{
    /// <summary>Changes the first request; by default it stays as it is.</summary>
    public virtual void Begin(RestRequest request)
    {
    }

    /// <summary>Reads an answer and changes the request into that for the next page.</summary>
    /// <param name="answer">The answer to <paramref name="request"/>.</param>
    /// <param name="items">Records of the page.</param>
    /// <param name="request">The request that was sent.</param>
    /// <returns>False when the page was the last one.</returns>
    public abstract bool Next(RestAnswer answer, IReadOnlyList<JsonValue> items, RestRequest request);
}
