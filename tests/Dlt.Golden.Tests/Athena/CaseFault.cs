using System.Text.RegularExpressions;
using Dlt.Golden.Harness;
using Dlt.Json;
using Dlt.Lake;

namespace Dlt.Golden.Athena;

/// <summary>A fault of a run: an error of a statement of dlt, which is the same error of the call that does the same here.</summary>
internal sealed class CaseFault
{
    private static readonly (string Pattern, string Code, bool IsTransient)[] Errors =
    [
        ("already exists|AlreadyExists", "AlreadyExistsException", false),
        ("ICEBERG_COMMIT_ERROR", "ConcurrentModificationException", false),
        ("Rate exceeded", "ThrottlingException", true),
        ("not authorized|Insufficient", "AccessDeniedException", false),
        ("GENERIC_INTERNAL_ERROR", "InternalServiceException", true),
        ("HIVE_BAD_DATA|mismatched input|cancelled|line 1:1", "InvalidInputException", false),
    ];

    private readonly Regex _match;
    private readonly string _message;
    private readonly string _code;
    private readonly bool _isTransient;
    private long _times;

    public CaseFault(JsonValue fault)
    {
        _match = new(fault["match"]!.AsString(), RegexOptions.Singleline);
        _message = fault["message"]!.AsString();
        _times = fault["times"] is { Kind: JsonKind.Integer } times ? times.AsInt64() : 1;
        (_, _code, _isTransient) = Errors.FirstOrDefault(e => Regex.IsMatch(_message, e.Pattern));
        if (_code is null) throw new NotDrivenException($"the fault '{_message}'");
    }

    /// <param name="statement">The statement of a call.</param>
    /// <param name="isQuery">True when the call is that of a query.</param>
    /// <returns>The error; null when the statement is another one, or the fault is used up.</returns>
    public Exception? Hit(string statement, bool isQuery)
    {
        if (_times == 0 || !_match.IsMatch(statement)) return null;
        _times--;
        return isQuery
            ? new AthenaQueryException("QUERY_FAILED", _message) { IsTransient = _isTransient }
            : new GlueException(_code, _message) { IsTransient = _isTransient };
    }
}
