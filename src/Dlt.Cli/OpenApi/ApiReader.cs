using System.Text.RegularExpressions;
using Microsoft.OpenApi;

namespace Dlt.Cli.OpenApi;

/// <summary>Finds the lists of an API, and which list is the parent of which.</summary>
internal sealed partial class ApiReader(OpenApiDocument document, string place)
{
    private readonly List<ApiResource> _resources = [];
    private readonly List<string> _leftOut = [];

    /// <summary>Reads an API.</summary>
    /// <exception cref="DltException">No GET answers with a list, or a reference leads nowhere.</exception>
    public ApiModel Read()
    {
        var gets = (document.Paths ?? []).Where(p => p.Value.Operations?.ContainsKey(HttpMethod.Get) == true)
            .OrderBy(p => p.Key.Count(c => c == '{'))   // parents first
            .ToList();
        foreach (var (path, item) in gets) Add(path, item, item.Operations![HttpMethod.Get]);
        if (_resources.Count == 0)
        {
            var asked = string.Concat(_leftOut.Take(5).Select(l => "\n  " + l));
            throw new DltException(
                $"The OpenAPI document '{place}' has no GET that answers with a list of JSON objects: {gets.Count} GET operation(s) of "
                + $"{document.Paths?.Count ?? 0} path(s).{asked}\nNothing was written. "
                + "Describe the API yourself, as docs/rest-api.md shows.");
        }

        return new(
            document.Info?.Title ?? "API", BaseUrl(), Security.Find(document, gets.Select(g => g.Value.Operations![HttpMethod.Get])),
            [.. _resources], [.. _leftOut]);
    }

    private void Add(string path, IOpenApiPathItem item, OpenApiOperation operation)
    {
        var where = $"'{place}', GET {path}";
        if (path.TrimEnd('/').EndsWith('}'))
        {
            _leftOut.Add($"{path}: one record, not a list.");
            return;
        }

        var response = Answer(operation);
        if (SchemaOf(response) is not { } answer)
        {
            _leftOut.Add($"{path}: the document has no JSON schema of its answer.");
            return;
        }

        if (Schemas.FindList(answer, where) is not { } list)
        {
            _leftOut.Add($"{path}: its answer has no list of objects.");
            return;
        }

        if (Parents.Resolve(path, _resources) is not { } resolved)
        {
            var missing = Placeholder().Match(path).Value;
            _leftOut.Add($"{path}: no list has the values of {missing}. Fill in a value: new(\"{NameOf(path)}\") "
                + $"{{ Endpoint = \"{Placeholder().Replace(path, "VALUE").TrimStart('/')}\" }},");
            return;
        }

        var parameters = Parameters(item, operation);
        var name = NameOf(path);
        var resource = new ApiResource
        {
            Name = name,
            Template = path,
            Path = resolved.Path.TrimStart('/'),
            Parent = resolved.Parent,
            Selector = list.Path,
            Record = Schemas.Describe(list.Record, name, where),
        };
        resource = Paging.Guess(WithRequired(resource, parameters), parameters, answer, response!.Headers?.Keys ?? []);
        _resources.Add(Incrementals.Suggest(resource, parameters));
    }

    /// <summary>Parameters of the query; those of the operation replace those of the path.</summary>
    private static List<IOpenApiParameter> Parameters(IOpenApiPathItem item, OpenApiOperation operation) =>
        [.. (operation.Parameters ?? []).Concat(item.Parameters ?? [])
            .Where(p => p is { Name: not null, In: ParameterLocation.Query }).DistinctBy(p => p.Name)];

    /// <summary>Adds parameters that the API requires, with the value of the document.</summary>
    private static ApiResource WithRequired(ApiResource resource, IEnumerable<IOpenApiParameter> parameters)
    {
        foreach (var parameter in parameters.Where(p => p.Required && !Paging.IsOfPaging(p)))
        {
            var value = parameter.Schema?.Default ?? parameter.Example ?? parameter.Schema?.Enum?.FirstOrDefault();
            var code = value is System.Text.Json.Nodes.JsonValue plain ? Code(plain) : null;
            resource = resource with
            {
                Params = resource.Params.Add((parameter.Name!, code ?? "\"FILL IN\"")),
                IsIncomplete = resource.IsIncomplete || code is null,
                Notes = resource.Notes.Add(code is null
                    ? $"Fill in: the API requires '{parameter.Name}'. Then remove IsSelected = false."
                    : $"Check: the API requires '{parameter.Name}'; the value is from the document."),
            };
        }

        return resource;
    }

    private static string Code(System.Text.Json.Nodes.JsonValue value) =>
        value.TryGetValue<string>(out var text) ? Names.Literal(text) : value.ToJsonString();

    private static IOpenApiResponse? Answer(OpenApiOperation operation)
    {
        var responses = operation.Responses ?? [];
        var status = responses.Keys.Order(StringComparer.Ordinal).FirstOrDefault(s => s.StartsWith('2')) ?? "default";
        return responses.GetValueOrDefault(status);
    }

    private static IOpenApiSchema? SchemaOf(IOpenApiResponse? response) => response?.Content?
        .Where(c => c.Key.Contains("json", StringComparison.OrdinalIgnoreCase) || c.Key == "*/*")
        .Select(c => c.Value.Schema).FirstOrDefault(s => s is not null);

    /// <summary>The last words of the path, more of them if the name is taken.</summary>
    private string NameOf(string path)
    {
        var words = path.Split('/', StringSplitOptions.RemoveEmptyEntries).Where(w => !w.StartsWith('{')).Select(Names.Snake)
            .Where(w => w.Length > 0).ToArray();
        if (words.Length == 0) words = ["records"];
        for (var count = 1; count <= words.Length; count++)
        {
            var name = string.Join('_', words[^count..]);
            if (_resources.All(r => r.Name != name)) return name;
        }

        return $"{string.Join('_', words)}_{_resources.Count}";
    }

    private string? BaseUrl()
    {
        if (document.Servers?.FirstOrDefault() is not { Url: { } url } server) return null;
        foreach (var (name, variable) in server.Variables ?? new Dictionary<string, OpenApiServerVariable>())
            url = url.Replace($"{{{name}}}", variable.Default, StringComparison.Ordinal);
        if (OpenApiReading.IsAddress(url)) return url;
        return OpenApiReading.IsAddress(place) ? new Uri(new Uri(place), url).AbsoluteUri : null;
    }

    [GeneratedRegex(@"\{[^}]*\}")]
    private static partial Regex Placeholder();
}
