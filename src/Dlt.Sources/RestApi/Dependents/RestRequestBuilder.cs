namespace Dlt.Sources.Rest;

/// <summary>Builds the first request of a series of pages.</summary>
/// <param name="run">The run of the API.</param>
/// <param name="plan">The resource.</param>
internal sealed class RestRequestBuilder(RestRun run, RestResourcePlan plan)
{
    private readonly IReadOnlyList<RestPlaceholder> _texts = [.. InTexts(plan)];

    /// <summary>Builds the request.</summary>
    /// <returns>Null when the parent's record has no value for it: then there is nothing to ask for.</returns>
    /// <exception cref="DltException">A value is missing, or cannot stand where it is needed.</exception>
    public RestRequest? Build(RestValues values)
    {
        if (_texts.Any(p => IsWithoutValue(p, values))) return null;
        var path = RestUrl.Join(run.Plan.Client.BaseUrl, Path(values));
        var request = new RestRequest(new(plan.Method), path)
        {
            Json = plan.Json?.Fill(values.Of),
            Data = plan.Data?.Fill(values.Of),
        };
        foreach (var parameter in plan.Params) request.Params[parameter.Name.Fill(values.Of)] = parameter.Value.Fill(values.Of);
        foreach (var (name, value) in run.Plan.Client.Headers ?? []) request.Headers[name] = value;
        foreach (var (name, value) in plan.Headers)
        {
            request.Headers.Remove(name);   // the case of the endpoint's name counts
            request.Headers[name] = value.Fill(values.Of);
        }

        return request;
    }

    /// <summary>Placeholders in texts and parameters, which would ask for something else without a value.</summary>
    private static IEnumerable<RestPlaceholder> InTexts(RestResourcePlan plan) =>
    [
        .. plan.Path.Placeholders,
        .. plan.Headers.SelectMany(h => h.Value.Placeholders),
        .. plan.Params.SelectMany(p => p.Name.Placeholders.Concat(
            p.Value.Text?.Single is RestPlaceholder.Cursor ? [] : p.Value.Placeholders)),
        .. InTexts(plan.Json),
        .. InTexts(plan.Data),
    ];

    private static IEnumerable<RestPlaceholder> InTexts(RestJsonTemplate? template)
    {
        if (template is null) return [];
        if (template.Text is { } text) return text.Single is null ? text.Placeholders : [];
        if (!template.Items.IsDefault) return template.Items.SelectMany(InTexts);
        return template.Members.IsDefault ? [] : template.Members.SelectMany(m => m.Name.Placeholders.Concat(InTexts(m.Value)));
    }

    private bool IsWithoutValue(RestPlaceholder placeholder, RestValues values)
    {
        var value = values.Of(placeholder);
        var isInPath = plan.Path.Placeholders.Contains(placeholder);
        var isMissing = value.IsNull || (isInPath && value.Kind == JsonKind.String && value.AsString().Length == 0);
        if (!isMissing) return false;
        if (placeholder is not RestPlaceholder.ParentField field)
        {
            throw new DltException(
                $"Resource '{plan.Name}': the placeholder {{{placeholder.Text}}} has no value. "
                + "Nothing of this run was loaded, and the state is as before. "
                + "Give the cursor an initial value, or an end value, or leave the placeholder out.");
        }

        run.Warn(plan.Name, $"A record of '{field.Resource}' has no value in '{field.Field.Text}', so nothing is asked for it.");
        return true;
    }

    private string Path(RestValues values)
    {
        // A placeholder at the beginning may be a whole URL. Elsewhere a value is one segment, whatever is in it.
        var isFirst = plan.Path.Parts is [{ Placeholder: not null }, ..];
        return plan.Path.Fill(values.Of, text =>
        {
            var isUrl = isFirst && RestUrl.IsAbsolute(text);
            isFirst = false;
            if (isUrl) return text;
            if (text is not ("." or "..")) return Uri.EscapeDataString(text);
            throw new DltException(
                $"Resource '{plan.Name}': the value '{text}' cannot stand in the path '{plan.Path.Text}', where it would lead elsewhere. "
                + "Nothing of this run was loaded, and the state is as before. Leave such records out.");
        });
    }
}
