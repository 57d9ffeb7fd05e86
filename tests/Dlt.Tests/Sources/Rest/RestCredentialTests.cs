using System.Net;
using System.Security.Cryptography;
using System.Text;
using static Dlt.Tests.Sources.Rest.FakeApi;

namespace Dlt.Tests.Sources.Rest;

/// <summary>Credentials are renewed once, stay with their host, and are never shown.</summary>
public sealed class RestCredentialTests : IDisposable
{
    private const string Secret = "very-secret-value";
    private static readonly RestAuth.OAuth2ClientCredentials Client =
        new() { AccessTokenUrl = "http://api.test/token", ClientId = "me", ClientSecret = Secret };

    private readonly RestRuns _runs = new();

    public void Dispose() => _runs.Dispose();

    [Fact]
    public async Task A_token_that_is_refused_between_pages_is_renewed_and_the_request_repeated()
    {
        var tokens = 0;
        var api = new FakeApi(call => call.Url.AbsolutePath switch
        {
            "/token" => Ok($$"""{"access_token":"T{{++tokens}}","expires_in":600}"""),
            _ when call.Url.Query == "?page=1" && call["Authorization"] == "Bearer T1" => Status(HttpStatusCode.Unauthorized),
            _ => Ok($$"""{"items":[{"id":{{call.Number}}}],"total":2}"""),
        });
        await _runs.RunAsync(api.Over(
            new RestClientConfig { BaseUrl = "http://api.test", Auth = Client },
            new RestResource("orders") { Endpoint = new() { Paginator = new RestPaginator.PageNumber() } }));
        Assert.Equal(["/token", "/orders?page=0", "/orders?page=1", "/token", "/orders?page=1"], api.Asked);
        Assert.Equal("Bearer T2", api.Calls[^1]["Authorization"]);
    }

    [Fact]
    public async Task A_token_that_is_refused_twice_ends_the_run_with_the_request_and_without_secrets()
    {
        var api = new FakeApi(call => call.Url.AbsolutePath == "/token"
            ? Ok($$"""{"access_token":"{{Secret}}-token"}""")
            : Status(HttpStatusCode.Unauthorized));
        var error = await _runs.FailAsync(api.Over(
            new RestClientConfig { BaseUrl = "http://api.test", Auth = Client },
            new RestResource("orders") { Endpoint = new() { Params = new() { ["state"] = "open" } } }));
        Assert.Equal(["/token", "/orders?state=open", "/token", "/orders?state=open"], api.Asked);
        Assert.Contains("Resource 'orders', page 1: GET http://api.test/orders?state=open answered 401", error, StringComparison.Ordinal);
        Assert.Contains("oauth2_client_credentials", error, StringComparison.Ordinal);
        Assert.DoesNotContain(Secret, error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_plan_asks_with_the_settings_of_a_run()
    {
        var api = new FakeApi(_ => Ok("""[{"id":1}]"""));
        var plan = await _runs.PlanAsync(
            api.Over(new RestClientConfig { BaseUrl = "http://api.test", Auth = new RestAuth.Bearer() }, "orders"),
            ("SOURCES__API__CREDENTIALS__TOKEN", "T"));
        Assert.Null(plan.Stop);
        Assert.Equal("Bearer T", Assert.Single(api.Calls)["Authorization"]);
    }

    [Fact]
    public async Task A_plan_without_the_credentials_names_the_missing_setting_and_asks_nothing()
    {
        var api = new FakeApi(_ => Ok("[]"));
        var error = await Assert.ThrowsAnyAsync<DltException>(() => _runs.PlanAsync(
            api.Over(new RestClientConfig { BaseUrl = "http://api.test", Auth = new RestAuth.Bearer() }, "orders")));
        Assert.Contains("sources.rest_api.api.credentials.token", error.Message, StringComparison.Ordinal);
        Assert.Empty(api.Asked);
    }

    [Theory]
    [InlineData("<p>No access with %</p>")]
    [InlineData("[%")]
    public async Task A_credential_that_the_API_repeats_in_its_answer_is_not_shown(string body)
    {
        RestAuth[] kinds =
        [
            new RestAuth.Bearer(Secret),
            new RestAuth.ApiKey(Secret) { Name = "X-Api-Key" },
            new RestAuth.ApiKey(Secret) { Name = "api_key", Location = ApiKeyLocation.Query },
        ];
        foreach (var auth in kinds)
        {
            var api = new FakeApi(_ => Ok(body.Replace("%", Secret, StringComparison.Ordinal)));
            var error = await _runs.FailAsync(api.Over(new RestClientConfig { BaseUrl = "http://api.test", Auth = auth }, "orders"));
            Assert.Contains("***", error, StringComparison.Ordinal);
            Assert.DoesNotContain(Secret, error, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Resources_share_one_token()
    {
        var api = new FakeApi(call => Ok(call.Url.AbsolutePath == "/token" ? """{"access_token":"T"}""" : """[{"id":1}]"""));
        await _runs.RunAsync(api.Over(
            new RestClientConfig { BaseUrl = "http://api.test", Auth = Client }, "a", "b", "c"));
        Assert.Single(api.Asked, "/token");
    }

    [Theory]
    [InlineData("http://other.test/orders")]
    [InlineData("http://api.test:8080/orders")]
    public async Task Credentials_do_not_follow_a_redirect_to_another_host_and_other_headers_do(string location)
    {
        var api = new FakeApi(call => call.Number == 1 ? Status(HttpStatusCode.Found, ("Location", location)) : Ok("""[{"id":1}]"""));
        var client = new RestClientConfig
        {
            BaseUrl = "http://api.test",
            Auth = new RestAuth.ApiKey(Secret) { Name = "X-Mine" },
            Headers = new() { ["X-Tenant"] = "north", ["X-Api-Key"] = Secret },
        };
        await _runs.RunAsync(api.Over(client, "orders"));
        Assert.Equal(Secret, api.Calls[0]["X-Mine"]);
        Assert.Equal(location, api.Calls[1].Url.AbsoluteUri);
        Assert.Equal("north", api.Calls[1]["X-Tenant"]);
        Assert.DoesNotContain(Secret, string.Join(' ', api.Calls[1].Headers.Values), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Credentials_do_not_go_to_the_host_of_a_next_page_either_and_its_refusal_says_so()
    {
        var api = new FakeApi(call => call.Url.Host == "other.test"
            ? Status(HttpStatusCode.Unauthorized)
            : Ok("""{"items":[{"id":1}],"next":"http://other.test/orders?page=2"}"""));
        var error = await _runs.FailAsync(api.Over(
            new RestClientConfig
            {
                BaseUrl = "http://api.test",
                Auth = new RestAuth.ApiKey(Secret) { Name = "key", Location = ApiKeyLocation.Query },
            },
            new RestResource("orders") { Endpoint = new() { Paginator = new RestPaginator.JsonLink() } }));
        Assert.Equal(["/orders?key=" + Secret, "/orders?page=2"], api.Asked);
        Assert.Contains("it got no credentials because they are for api.test", error, StringComparison.Ordinal);
        Assert.DoesNotContain(Secret, error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_key_in_the_query_that_a_link_of_the_api_repeats_is_not_shown_whatever_its_name()
    {
        var api = new FakeApi(call => call.Number == 1
            ? Ok($$"""{"items":[{"id":1}],"next":"/orders?page=2&q={{Secret}}"}""")
            : Status(HttpStatusCode.BadRequest));
        var error = await _runs.FailAsync(api.Over(
            new RestClientConfig
            {
                BaseUrl = "http://api.test",
                Auth = new RestAuth.ApiKey(Secret) { Name = "q", Location = ApiKeyLocation.Query },
            },
            new RestResource("orders") { Endpoint = new() { Paginator = new RestPaginator.JsonLink() } }));
        Assert.Contains("GET http://api.test/orders?page=2&q=… answered 400", error, StringComparison.Ordinal);
        Assert.DoesNotContain(Secret, error, StringComparison.Ordinal);
    }

    [Fact]
    public void The_text_of_an_api_has_no_secrets()
    {
        var api = new RestApiConfig { Client = new() { BaseUrl = "http://api.test", Auth = new RestAuth.Bearer(Secret) }, Resources = [] };
        Assert.DoesNotContain(Secret, api.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain(Secret, Client.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_link_to_http_on_the_host_that_was_asked_by_https_is_followed_by_https_with_credentials()
    {
        var api = new FakeApi(call => Ok(call.Number == 1
            ? """{"items":[{"id":1}],"next":"http://api.test/orders?page=2"}"""
            : """{"items":[{"id":2}]}"""));
        await _runs.RunAsync(api.Over(
            new RestClientConfig { BaseUrl = "https://api.test", Auth = new RestAuth.Bearer(Secret) },
            new RestResource("orders") { Endpoint = new() { Paginator = new RestPaginator.JsonLink() } }));
        Assert.Equal("https://api.test/orders?page=2", api.Calls[1].Url.AbsoluteUri);
        Assert.Equal("Bearer " + Secret, api.Calls[1]["Authorization"]);
    }

    [Fact]
    public async Task A_jwt_assertion_is_signed_and_exchanged_for_a_token()
    {
        using var key = RSA.Create(2048);
        var api = new FakeApi(call => Ok(call.Url.AbsolutePath == "/token" ? """{"access_token":"T"}""" : """[{"id":1}]"""));
        var auth = new RestAuth.JwtAssertion
        {
            ClientId = "me@service",
            PrivateKey = key.ExportPkcs8PrivateKeyPem().Replace("\n", "\\n", StringComparison.Ordinal),
            AuthEndpoint = "http://api.test/token",
            Scopes = ["read", "list"],
        };
        await _runs.RunAsync(api.Over(new RestClientConfig { BaseUrl = "http://api.test", Auth = auth }, "orders"));
        var form = api.Calls[0].Body.Split('&').Select(p => p.Split('=')).ToDictionary(p => p[0], p => WebUtility.UrlDecode(p[1]));
        Assert.Equal("urn:ietf:params:oauth:grant-type:jwt-bearer", form["grant_type"]);
        var parts = form["assertion"].Split('.');
        Assert.True(key.VerifyData(
            Encoding.ASCII.GetBytes($"{parts[0]}.{parts[1]}"), Decoded(parts[2]), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1));
        var claims = JsonValue.Parse(Decoded(parts[1]));
        Assert.Equal(
            ("me@service", "http://api.test/token", "read list", 3600),
            (claims["iss"]!.AsString(), claims["aud"]!.AsString(), claims["scope"]!.AsString(),
                claims["exp"]!.AsInt64() - claims["iat"]!.AsInt64()));
        Assert.Equal("Bearer T", api.Calls[1]["Authorization"]);
    }

    [Fact]
    public async Task An_own_authentication_signs_every_attempt_and_may_renew_itself()
    {
        var (signed, renewed) = (0, 0);
        var api = new FakeApi(call => call.Number switch
        {
            1 => Status(HttpStatusCode.ServiceUnavailable),
            2 => Status(HttpStatusCode.Unauthorized),
            _ => Ok("""[{"id":1}]"""),
        });
        var auth = new RestAuth.Custom((request, _) =>
        {
            request.Headers.Add("X-Signature", $"{++signed}");
            return default;
        })
        {
            Refresh = _ =>
            {
                renewed++;
                return default;
            },
        };
        await _runs.RunAsync(api.Over(new RestClientConfig { BaseUrl = "http://api.test", Auth = auth }, "orders"));
        Assert.Equal(["1", "2", "3"], api.Calls.Select(c => c["X-Signature"]));
        Assert.Equal(1, renewed);
    }

    private static byte[] Decoded(string base64Url) => System.Buffers.Text.Base64Url.DecodeFromChars(base64Url);
}
