using System.Collections.Immutable;
using Dlt.Documents;
using Dlt.Hints;

namespace Dlt.Sources.Rest;

/// <summary>Plans one resource: compiles its placeholders, binds parameters in the path, finds its parent and its cursor.</summary>
/// <param name="resource">The resource, merged with the defaults.</param>
/// <param name="place">Place of its endpoint.</param>
/// <param name="errors">Makes the errors.</param>
internal sealed class RestEndpointPlanner(RestResource resource, string place, DocumentOrigin errors)
{
    private readonly RestEndpoint _endpoint = resource.Endpoint ?? new();
    private readonly HashSet<string> _bound = new(StringComparer.Ordinal);
    private readonly HashSet<string> _parents = new(StringComparer.Ordinal);
    private RestTemplateParser _templates = null!;

    /// <param name="ofResource">Place of the resource.</param>
    public RestResourcePlan Plan(string ofResource)
    {
        if (_endpoint is { Json: not null, Data: not null })
            throw errors.Error(place, $"of resource '{resource.Name}' has both 'json' and 'data'. Leave one of them out.");
        var incremental = Incremental();
        _templates = new(errors, resource.Name, incremental is not null || resource.Hints?.Incremental is not null);
        var path = Seen(_templates.Parse(_endpoint.Path ?? resource.Name, $"{place}.path", Bind));
        var isSingleEntity = IsSingleEntity(path);
        var hints = resource.Hints ?? new();
        var plan = new RestResourcePlan
        {
            Name = resource.Name,
            Place = ofResource,
            Hints = incremental is null ? hints : hints with { Incremental = incremental.Cursor },
            Method = _endpoint.Method ?? "GET",
            Path = path,
            IsSingleEntity = isSingleEntity,
            Params = [.. Params(incremental)],
            Headers = [.. (_endpoint.Headers?.AsEnumerable() ?? []).Select(h => KeyValuePair.Create(
                h.Key, Seen(_templates.Parse(h.Value, $"{place}.headers.{h.Key}"))))],
            Json = _endpoint.Json is { } json ? Compile(json, $"{place}.json") : null,
            Data = _endpoint.Data is { } data ? Compile(data, $"{place}.data") : null,
            Paginator = new RestPaginator.Auto(),
            DataSelector = Selector(isSingleEntity),
            ResponseActions = _endpoint.ResponseActions.IsDefault ? [] : _endpoint.ResponseActions,
            Convert = incremental?.Convert,
            IncludeFromParent = resource.IncludeFromParent.IsDefault ? [] : resource.IncludeFromParent,
            ProcessingSteps = resource.ProcessingSteps.IsDefault ? [] : resource.ProcessingSteps,
            IsSelected = resource.IsSelected ?? true,
            IsParallelized = resource.IsParallelized ?? false,
            IsConditional = resource.IsConditional ?? false,
            ResumesPages = resource.ResumesPages ?? false,
        };
        CheckIncluded(ofResource, plan.IncludeFromParent);
        return plan with { ParentNames = [.. _parents], Parent = _parents.Count == 1 ? _parents.First() : null };
    }

    /// <summary>The cursor, in one of its forms.</summary>
    private RestIncremental? Incremental()
    {
        var ofParams = (_endpoint.Params?.AsEnumerable() ?? []).Where(p => p.Value is RestIncremental).ToList();
        if (ofParams.Count > 1)
        {
            throw errors.Error(
                $"{place}.params.{ofParams[1].Key}", $"of resource '{resource.Name}' is a second incremental parameter. A resource has one "
                + "cursor: write {incremental.start_value} in further parameters.");
        }

        var cursor = ofParams.Count == 0 ? _endpoint.Incremental : (RestIncremental)ofParams[0].Value;
        if (ofParams.Count > 0 && _endpoint.Incremental is not null)
        {
            throw errors.Error(
                $"{place}.params.{ofParams[0].Key}", $"of resource '{resource.Name}' is incremental, and the endpoint has 'incremental', "
                + "too. Leave one of them out.");
        }

        if (cursor is null) return null;
        if (CursorPath.TryParse(cursor.Cursor.CursorPath, out var problem) is null)
        {
            var at = ofParams.Count == 0 ? $"{place}.incremental.cursor_path" : $"{place}.params.{ofParams[0].Key}.cursor_path";
            throw errors.Error(at, $"of resource '{resource.Name}' is '{cursor.Cursor.CursorPath}', in which {problem}.");
        }

        return cursor;
    }

    /// <summary>Returns what a placeholder of the path stands for: a parameter, which is then not sent as one.</summary>
    private RestPlaceholder? Bind(string name)
    {
        if (_endpoint.Params is not { } parameters || !parameters.TryGet(name, out var parameter)) return null;
        _bound.Add(name);
        return parameter switch
        {
            RestParam.Resolve resolve => _templates.Field(
                resolve.Resource, resolve.Field, $"resources.{resolve.Resource}.{resolve.Field}", $"{place}.params.{name}"),
            RestIncremental => new RestPlaceholder.Cursor(RestCursorValue.StartValue) { Text = "incremental.start_value" },
            RestParam.Value { Json.IsNull: true } => throw errors.Error(
                $"{place}.params.{name}", $"of resource '{resource.Name}' is null, but the path needs a value."),
            RestParam.Value value => new RestPlaceholder.Bound(value.Json) { Text = name },
            _ => null,
        };
    }

    private IEnumerable<RestParamPlan> Params(RestIncremental? incremental)
    {
        foreach (var (name, parameter) in _endpoint.Params?.AsEnumerable() ?? [])
        {
            if (_bound.Contains(name) || name == incremental?.StartParam || name == incremental?.EndParam) continue;
            var at = $"{place}.params.{name}";
            if (parameter is RestParam.Resolve)
            {
                throw errors.Error(
                    at, $"of resource '{resource.Name}' is of the type 'resolve', but the path '{_endpoint.Path ?? resource.Name}' lacks "
                    + $"{{{name}}}. For the query write '{{resources.<parent>.<field>}}' as the value.");
            }

            yield return new(
                Seen(_templates.Parse(name, at)),
                parameter is RestParam.Value value ? Compile(value.Json, at) : CursorValue(RestCursorValue.StartValue));
        }

        if (incremental?.StartParam is { } start) yield return new(RestTemplate.Literal(start), CursorValue(RestCursorValue.StartValue));
        if (incremental?.EndParam is { } end) yield return new(RestTemplate.Literal(end), CursorValue(RestCursorValue.EndValue));
    }

    private static RestJsonTemplate CursorValue(RestCursorValue value)
    {
        var text = value == RestCursorValue.EndValue ? "incremental.end_value" : "incremental.start_value";
        var placeholder = new RestPlaceholder.Cursor(value) { Text = text };
        return new(null, new($"{{{text}}}", [new("", placeholder)]), default, default);
    }

    private RestJsonTemplate Compile(JsonValue value, string at)
    {
        var template = RestJsonTemplate.Of(value, text => _templates.Parse(text, at));
        foreach (var placeholder in template.Placeholders) See(placeholder);
        return template;
    }

    private RestTemplate Seen(RestTemplate template)
    {
        foreach (var placeholder in template.Placeholders) See(placeholder);
        return template;
    }

    private void See(RestPlaceholder placeholder)
    {
        if (placeholder is RestPlaceholder.ParentField field) _parents.Add(field.Resource);
    }

    private void CheckIncluded(string ofResource, ImmutableArray<string> included)
    {
        if (_parents.Count == 0 && included.Length > 0)
        {
            throw errors.Error(
                $"{ofResource}.include_from_parent", $"of resource '{resource.Name}' has fields, but no placeholder "
                + "{resources.<parent>.<field>} says which parent they are of.");
        }
    }

    private CursorPath? Selector(bool isSingleEntity)
    {
        if (_endpoint.DataSelector is not { } selector) return isSingleEntity ? CursorPath.Of([]) : null;
        return CursorPath.TryParse(selector, out var problem)
            ?? throw errors.Error($"{place}.data_selector", $"of resource '{resource.Name}' is '{selector}', in which {problem}.");
    }

    /// <summary>True when the last segment of the path has a placeholder.</summary>
    private static bool IsSingleEntity(RestTemplate path)
    {
        for (var i = path.Parts.Length - 1; i >= 0; i--)
        {
            if (path.Parts[i].Placeholder is not null) return true;
            if (path.Parts[i].Literal.Contains('/', StringComparison.Ordinal)) return false;
        }

        return false;
    }
}
