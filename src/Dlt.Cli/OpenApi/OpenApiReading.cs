using Microsoft.OpenApi;
using Microsoft.OpenApi.Reader;

namespace Dlt.Cli.OpenApi;

/// <summary>Reads an OpenAPI 3 document, JSON or YAML, from a file or an address.</summary>
internal static class OpenApiReading
{
    private const int ErrorsShown = 5;

    /// <summary>Returns the text of a document.</summary>
    /// <exception cref="DltException">The file does not exist, or the address does not return one.</exception>
    public static async Task<string> LoadAsync(string place, CancellationToken cancellationToken)
    {
        try
        {
            if (!IsAddress(place)) return await File.ReadAllTextAsync(place, cancellationToken);
            using var client = new HttpClient();
            return await client.GetStringAsync(new Uri(place), cancellationToken);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or HttpRequestException)
        {
            throw new DltException(
                $"The OpenAPI document '{place}' cannot be read: {error.Message.TrimEnd('.')}. Nothing was written. "
                + "Give --openapi the path of a file or an address that begins with https://.", error);
        }
    }

    /// <summary>Parses a document.</summary>
    /// <param name="text">The document.</param>
    /// <param name="place">Where it is from, for errors.</param>
    /// <exception cref="DltException">It is not an OpenAPI 3 document. The error has the places in it.</exception>
    public static OpenApiDocument Parse(string text, string place)
    {
        var settings = new OpenApiReaderSettings { RuleSet = new ValidationRuleSet() };
        settings.AddYamlReader();
        ReadResult result;
        try
        {
            result = OpenApiDocument.Parse(text, text.AsSpan().TrimStart("\uFEFF \r\n\t").StartsWith("{") ? "json" : "yaml", settings);
        }
        catch (Exception error) when (error is not (OutOfMemoryException or OperationCanceledException))
        {
            throw Refused(place, $"cannot be parsed: {error.Message.TrimEnd('.')}");
        }

        if (result.Diagnostic is { Errors.Count: > 0 } diagnostic)
        {
            var errors = diagnostic.Errors.Take(ErrorsShown).Select(e => $"\n  {e.Pointer ?? "#"}: {e.Message}");
            throw Refused(place, $"has {diagnostic.Errors.Count} error(s):{string.Concat(errors)}\n ");
        }

        if (result.Document is null) throw Refused(place, "is empty");
        if (result.Diagnostic?.SpecificationVersion == OpenApiSpecVersion.OpenApi2_0)
        {
            throw new DltException(
                $"'{place}' is Swagger 2.0. Read are OpenAPI 3.0 and 3.1. Nothing was written. "
                + "Convert it first, for example with: npx swagger2openapi FILE --outfile openapi.json");
        }

        return result.Document;
    }

    /// <summary>True for an address of the web.</summary>
    public static bool IsAddress(string place) => Uri.TryCreate(place, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https";

    private static DltException Refused(string place, string what) =>
        new($"The OpenAPI document '{place}' {what}. Nothing was written. Correct the document, and run dlt init again.");
}
