using System.Collections.Immutable;
using System.Globalization;
using Dlt.Documents;

namespace Dlt.Sources.Rest;

/// <summary>
/// Turns a description into a plan: merges the defaults, reads missing settings, and checks everything that needs no request.
/// </summary>
internal sealed class RestPlanner
{
    private readonly string _source;
    private readonly RestApiConfig _config;
    private readonly SourceSettings? _settings;
    private readonly DocumentOrigin _errors;

    private RestPlanner(string source, RestApiConfig config, SourceSettings? settings) =>
        (_source, _config, _settings, _errors) = (source, config, settings, config.Origin);

    /// <summary>Creates the plan.</summary>
    /// <param name="source">Name of the source.</param>
    /// <param name="config">The description.</param>
    /// <param name="settings">Settings of the run; null before they are known: then credentials may be missing.</param>
    /// <exception cref="ConfigurationException">The description contradicts itself, or a setting is missing.</exception>
    public static RestPlan Plan(string source, RestApiConfig config, SourceSettings? settings) =>
        new RestPlanner(source, config, settings).Run();

    private RestPlan Run()
    {
        CheckBaseUrl();
        CheckNames();
        var auth = RestAuthSettings.Complete(_config.Client.Auth, "client.auth", _settings, _errors);
        var client = _config.Client with { Auth = auth };
        RestPaginatorChecks.Check(client.Paginator, "client.paginator", _errors);
        var resources = _config.Resources
            .Select((r, i) => Resource(RestDefaults.Merge(r, _config.ResourceDefaults), client, PlaceOf(i))).ToImmutableArray();
        resources = RestParents.Choose(resources, _errors);
        RestParents.Check(resources, _errors);
        return new(_source, client, resources) { IsBound = _settings is not null };
    }

    private static string PlaceOf(int resource) => string.Create(CultureInfo.InvariantCulture, $"resources[{resource}]");

    private void CheckBaseUrl()
    {
        var url = _config.Client.BaseUrl;
        if (string.IsNullOrWhiteSpace(url)) throw _errors.Error("client.base_url", "is empty.");
        if (Uri.TryCreate(url, UriKind.Absolute, out var known) && known.Scheme is "http" or "https") return;
        throw _errors.Error("client.base_url", $"is '{Internal.SafeUrl.Of(url)}', which is no address. Begin it with https:// or http://.");
    }

    private void CheckNames()
    {
        if (_config.Resources.IsDefaultOrEmpty) throw _errors.Error("resources", "has no resource.");
        var names = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < _config.Resources.Length; i++)
        {
            var name = _config.Resources[i].Name;
            if (string.IsNullOrWhiteSpace(name)) throw _errors.Error(PlaceOf(i), "has an empty name.");
            if (!names.Add(name))
                throw _errors.Error(PlaceOf(i), $"has the name '{name}', which another resource has, too. Give it another name.");
        }
    }

    private RestResourcePlan Resource(RestResource resource, RestClientConfig client, string place)
    {
        if (resource.Ready is { } ready)
        {
            return new()
            {
                Name = ready.Name,
                Place = place,
                Ready = ready,
                Hints = ready.Hints,
                Path = RestTemplate.Literal(""),
                Paginator = new RestPaginator.SinglePage(),
                IsSelected = ready.IsSelected,
            };
        }

        var plan = new RestEndpointPlanner(resource, $"{place}.endpoint", _errors).Plan(place);
        var ofEndpoint = resource.Endpoint?.Paginator;
        if (ofEndpoint is not null) RestPaginatorChecks.Check(ofEndpoint, $"{place}.endpoint.paginator", _errors);
        return plan with
        {
            Hints = RestCursorSettings.Complete(plan.Hints, resource.Name, _settings),
            Paginator = ofEndpoint ?? (plan.IsSingleEntity ? new RestPaginator.SinglePage() : client.Paginator ?? new RestPaginator.Auto()),
            Auth = resource.Endpoint?.Auth is { } own
                ? RestAuthSettings.Complete(own, $"{place}.endpoint.auth", _settings, _errors)
                : client.Auth,
        };
    }
}
