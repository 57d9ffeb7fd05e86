using System.Collections.Immutable;

namespace Dlt.Sources.Rest;

/// <summary>The response actions of an endpoint.</summary>
internal sealed class RestActions(ImmutableArray<RestResponseAction> actions)
{
    /// <summary>True when there is an action.</summary>
    public bool Exist => actions.Length > 0;

    /// <summary>Returns whether an answer ends the series without an error.</summary>
    public bool Ignore(RestAnswer answer) => Match(answer) is { IsIgnored: true };

    /// <summary>Applies the first action whose conditions hold.</summary>
    /// <returns>The answer, which a function may have changed; null when it is ignored.</returns>
    public RestAnswer? Apply(RestAnswer answer)
    {
        if (Match(answer) is not { } action) return answer;
        return action.IsIgnored ? null : action.Calls.Aggregate(answer, (changed, call) => call(changed));
    }

    private RestResponseAction? Match(RestAnswer answer) => actions.FirstOrDefault(a =>
        (a is not { StatusCode: null, Content: null, IsIgnored: true })
        && (a.StatusCode is null || a.StatusCode == answer.StatusCode)
        && (a.Content is null || answer.Text.Contains(a.Content, StringComparison.Ordinal)));
}
