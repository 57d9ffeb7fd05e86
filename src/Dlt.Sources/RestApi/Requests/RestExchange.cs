using Dlt.Sources.Http;

namespace Dlt.Sources.Rest;

/// <summary>A request and its answer.</summary>
/// <param name="Answer">The answer.</param>
/// <param name="Url">Address that answered, with its secrets.</param>
/// <param name="Call">Record of the request, for errors.</param>
/// <param name="MediaType">Content type of the answer; null for none.</param>
internal sealed record RestExchange(RestAnswer Answer, Uri Url, ApiCall Call, string? MediaType)
{
    /// <summary>What a later request needs to ask for changes only; null when the answer has none.</summary>
    public RestValidators? Validators { get; init; }

    /// <summary>True when the answer says that nothing has changed.</summary>
    public bool IsUnchanged => Answer.StatusCode == 304;

    /// <summary>True when the answer has no content, and should have none.</summary>
    public bool IsEmpty => Answer.StatusCode is 204 or 205;
}
