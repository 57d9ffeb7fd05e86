namespace Dlt;

/// <summary>Where an API key goes.</summary>
public enum ApiKeyLocation
{
    /// <summary>Into a header.</summary>
    Header,
    /// <summary>Into the query.</summary>
    Query,
}
