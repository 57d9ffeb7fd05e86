using System.Globalization;
using System.Text.RegularExpressions;
using Dlt.Lake;

namespace Dlt.Aws;

/// <summary>
/// Translates the end of a query that did not succeed. Its class comes from <c>AthenaError</c> and from the text of the reason
/// (docs/spec/athena-destination.md 5.6, docs/spec/aws-apis.md 1.6 and 2.5).
/// </summary>
internal static partial class QueryFailure
{
    /// <summary>Type of an error of an Iceberg table, such as a lost race for its commit.</summary>
    private const int IcebergErrorType = 233;

    /// <summary>The highest type of errors about exhausted resources.</summary>
    private const int LastResourceErrorType = 8;

    private static readonly string[] PassingTexts =
        ["ICEBERG_COMMIT_ERROR", "SlowDown", "Query exhausted resources", "TOO_MANY_REQUESTS", "Rate exceeded", "ThrottlingException"];

    /// <summary>The error of a query.</summary>
    /// <param name="query">The member <c>QueryExecution</c>, with the state <c>FAILED</c> or <c>CANCELLED</c>.</param>
    /// <param name="id">Id of the query.</param>
    public static AthenaQueryException Of(JsonValue query, string id)
    {
        var status = QueryStates.StatusOf(query);
        var reason = status["StateChangeReason"]?.AsString() ?? "The query was cancelled.";
        var error = status["AthenaError"];
        var type = Number(error?["ErrorType"]);
        var (name, text, line, column) = Parse(reason);
        return new(name, text, line, column)
        {
            QueryExecutionId = id,
            ErrorCategory = Number(error?["ErrorCategory"]),
            ErrorType = type,
            Statistics = QueryReading.Of(query),
            IsTransient = status["State"]?.AsString() != "CANCELLED"
                && (error?["Retryable"] is { Kind: JsonKind.True } || MayPass(type) || PassingTexts.Any(t => Contains(reason, t))),
        };
    }

    private static bool MayPass(int? type) => type is IcebergErrorType or (>= 0 and <= LastResourceErrorType);

    private static (string Name, string Text, int? Line, int? Column) Parse(string reason)
    {
        var match = Reason().Match(reason);
        int? Group(string name) =>
            match.Groups[name].Success ? int.Parse(match.Groups[name].Value, CultureInfo.InvariantCulture) : null;
        // Texts of Hive's statements begin with "FAILED: ", which is no name.
        return match.Success && match.Groups["name"].Value != "FAILED"
            ? (match.Groups["name"].Value, match.Groups["text"].Value, Group("line"), Group("column"))
            : (NameOf(reason), reason, null, null);
    }

    /// <summary>The name of an error whose text does not begin with one, as the texts of Hive's statements do not.</summary>
    private static string NameOf(string reason) => reason switch
    {
        _ when Contains(reason, "Database does not exist") => "SCHEMA_NOT_FOUND",
        _ when Contains(reason, "Table") && Contains(reason, " not found") => "TABLE_NOT_FOUND",
        _ => "QUERY_FAILED",
    };

    private static bool Contains(string text, string part) => text.Contains(part, StringComparison.Ordinal);

    private static int? Number(JsonValue? value) => value is { Kind: JsonKind.Integer } ? (int)value.AsBigInteger() : null;

    [GeneratedRegex(@"^(?<name>[A-Z][A-Z_]+): (?:line (?<line>\d+):(?<column>\d+): )?(?<text>.*)$", RegexOptions.Singleline)]
    private static partial Regex Reason();
}
