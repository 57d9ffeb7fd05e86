using Dlt.Json;
using Xunit;

namespace Dlt.Golden.Rest;

/// <summary>The API of a case: answers each request with the first unused exchange, and notes what is not as in the case.</summary>
/// <param name="exchanges">Exchanges of the run.</param>
/// <param name="clock">Clock of the run, on which waits end at once.</param>
internal sealed class CaseApi(IReadOnlyList<CaseExchange> exchanges, TimeProvider clock)
{
    private static readonly JsonValue Gone = JsonValue.Object(("status", JsonValue.Integer(410)));

    private readonly Lock _lock = new();
    private readonly List<string> _problems = [];
    private readonly List<CaseExchange> _used = [];
    private readonly HashSet<string> _tokens = [];
    private DateTimeOffset? _last;

    /// <summary>True when a request was made.</summary>
    public bool WasAsked { get; private set; }

    /// <summary>Returns the answer of a request.</summary>
    public JsonValue Answer(CaseRequest request)
    {
        lock (_lock)
        {
            WasAsked = true;
            var equal = exchanges.Where(e => (!e.IsUsed || e.IsAuth) && request.Equals(e.Request)).OrderBy(e => e.IsUsed).ToList();
            var exchange = equal.Find(e => !request.HeaderProblems(e.Request, _tokens).Any()) ?? equal.FirstOrDefault();
            if (exchange is null)
            {
                _problems.Add($"request: {request} was not expected");
                return Gone;
            }

            _problems.AddRange(request.HeaderProblems(exchange.Request, _tokens).Select(p => $"request: {request}: {p}"));
            var now = clock.GetUtcNow();
            if (exchange.Wait is { } wait && _last is { } last && (now - last).TotalSeconds < wait)
                _problems.Add($"wait: {request} came after {(now - last).TotalSeconds} s, not {wait} s");
            _last = now;
            exchange.IsUsed = true;
            if (exchange.IsAuth && exchange.Response["json"]?["access_token"] is { Kind: JsonKind.String } token)
                _tokens.Add(token.AsString());
            _used.Add(exchange);
            return exchange.Response;
        }
    }

    /// <summary>What is not as in the case.</summary>
    /// <param name="isUnordered">True when the requests of one resource may come in any order.</param>
    public IEnumerable<string> Problems(bool isUnordered)
    {
        foreach (var problem in _problems) yield return problem;
        foreach (var left in exchanges.Where(e => !e.IsUsed && !e.IsAuth)) yield return $"request: {left} is missing";
        var order = _used.Where(e => e.Resource is not null).GroupBy(e => (e.Resource, Series: isUnordered ? e.Series : 0));
        foreach (var group in order)
        {
            var wanted = exchanges.Where(e => e.IsUsed && e.Resource == group.Key.Resource)
                .Where(e => !isUnordered || e.Series == group.Key.Series);
            if (!wanted.SequenceEqual(group)) yield return $"order: the requests of {group.Key.Resource} came in another order";
        }
    }
}
