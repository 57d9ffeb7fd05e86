using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using Dlt.Json;

namespace Dlt.Tests.Support;

/// <summary>
/// Denies the calls that an IAM policy does not allow, as AWS does: by action and by every resource of the call (AWS, "Service
/// Authorization Reference"). To be used with <see cref="AwsRecorder"/>.
/// </summary>
/// <param name="policy">The policy.</param>
internal sealed partial class PolicyGuard(JsonValue policy)
{
    private const string Glue = "arn:aws:glue:eu-central-1:123456789012:";

    private static readonly HashSet<string> OfDatabases = ["GetDatabase", "CreateDatabase", "DeleteDatabase", "UpdateDatabase"];

    /// <summary>The answer to a call that is denied; null for one that is allowed.</summary>
    public (int Status, string Body)? Check(HttpListenerRequest call, byte[] body)
    {
        var needs = NeedsOf(call, body).ToList();
        var denied = needs.FirstOrDefault(n => !Allows(n.Action, n.Resource));
        if (denied.Action is null) return null;
        var message = $"User: x is not authorized to perform: {denied.Action} on resource: {denied.Resource}";
        return call.Headers["X-Amz-Target"] is null
            ? (403, $"<Error><Code>AccessDenied</Code><Message>{message}</Message></Error>")
            : (400, $$"""{"__type":"AccessDeniedException","Message":"{{message}}"}""");
    }

    /// <summary>The actions and resources of a call; none for calls that need no permission.</summary>
    public static IEnumerable<(string Action, string Resource)> NeedsOf(HttpListenerRequest call, byte[] body)
    {
        if (call.Headers["X-Amz-Target"] is { } target)
        {
            var operation = target[(target.IndexOf('.', StringComparison.Ordinal) + 1)..];
            if (target.StartsWith("AmazonAthena.", StringComparison.Ordinal))
                return [("athena:" + operation, "arn:aws:athena:eu-central-1:123456789012:workgroup/primary")];
            return GlueResources(operation, JsonParser.Parse(body)).Select(r => ("glue:" + operation, r));
        }

        if (call.Headers["Content-Type"]?.Contains("x-www-form-urlencoded", StringComparison.Ordinal) == true) return [];   // STS
        return S3Needs(call, body);
    }

    private static IEnumerable<string> GlueResources(string operation, JsonValue request)
    {
        yield return Glue + "catalog";
        var name = (request["Name"] ?? request["TableInput"]?["Name"] ?? request["DatabaseInput"]?["Name"] ?? request["TableName"])
            ?.AsString() ?? "x";
        var database = OfDatabases.Contains(operation) ? name : request["DatabaseName"]?.AsString();
        if (database is null) yield break;
        yield return $"{Glue}database/{database}";
        if (!OfDatabases.Contains(operation)) yield return $"{Glue}table/{database}/{name}";
    }

    private static IEnumerable<(string Action, string Resource)> S3Needs(HttpListenerRequest call, byte[] body)
    {
        var path = Uri.UnescapeDataString(call.Url!.AbsolutePath.Trim('/')).Split('/', 2);
        var (bucket, query) = ("arn:aws:s3:::" + path[0], call.Url.Query);
        bool Asks(string name) => Regex.IsMatch(query, $@"[?&]{name}(=|&|$)");
        if (path.Length == 1)
        {
            return call.HttpMethod switch
            {
                "POST" => Keys().Matches(Encoding.UTF8.GetString(body))
                    .Select(k => ("s3:DeleteObject", $"{bucket}/{WebUtility.HtmlDecode(k.Groups[1].Value)}")),
                "GET" when Asks("uploads") => [("s3:ListBucketMultipartUploads", bucket)],
                "GET" when Asks("lifecycle") => [("s3:GetLifecycleConfiguration", bucket)],
                _ => [("s3:ListBucket", bucket)],
            };
        }

        var action = call.HttpMethod switch
        {
            "GET" or "HEAD" => "s3:GetObject",
            "DELETE" => Asks("uploadId") ? "s3:AbortMultipartUpload" : "s3:DeleteObject",
            _ => "s3:PutObject",
        };
        return [(action, $"{bucket}/{path[1]}")];
    }

    private bool Allows(string action, string resource) => policy["Statement"]!.Items.Any(s =>
        s["Action"]!.Items.Any(a => a.AsString() == action) && s["Resource"]!.Items.Any(r => Matches(r.AsString(), resource)));

    private static bool Matches(string pattern, string resource) =>
        Regex.IsMatch(resource, "^" + Regex.Escape(pattern).Replace(@"\*", ".*", StringComparison.Ordinal) + "$");

    [GeneratedRegex("<Key>(.*?)</Key>")]
    private static partial Regex Keys();
}
