using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace DoSnapshot.Api.Tests;

/// <summary>An OpenID Connect issuer of a test's own on this machine, with one RSA key.</summary>
internal sealed class Issuer : IAsyncDisposable
{
    private const string KeyId = "key-1";

    private readonly RSA _key = RSA.Create(2048);
    private readonly WebApplication _app;

    private Issuer()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        _app = builder.Build();
        _app.MapGet("/.well-known/openid-configuration", () => Results.Json(new { issuer = Address, jwks_uri = $"{Address}/keys" }));
        var parameters = _key.ExportParameters(includePrivateParameters: false);
        _app.MapGet("/keys", () => Results.Json(new
        {
            keys = new[] { new { kty = "RSA", use = "sig", alg = "RS256", kid = KeyId, n = Base64Url.EncodeToString(parameters.Modulus), e = Base64Url.EncodeToString(parameters.Exponent) } },
        }));
    }

    public string Address => _app.Urls.Single();

    public static async Task<Issuer> StartAsync(CancellationToken ct)
    {
        var issuer = new Issuer();
        await issuer._app.StartAsync(ct);
        return issuer;
    }

    /// <summary>A token with these claims, for an hour from now, for the audience <c>do-snapshot</c>, unless they say otherwise.</summary>
    /// <param name="claims">Claims that differ; one without a value is left out.</param>
    /// <param name="key">Another key to sign with, of the same name.</param>
    /// <param name="algorithm">What the token says of how it is signed; <c>none</c> for no signature, <c>HS256</c> to sign with the public key's text as a secret.</param>
    public string Token(IReadOnlyDictionary<string, object?> claims, RSA? key = null, string algorithm = "RS256")
    {
        var now = TimeProvider.System.GetUtcNow();
        var all = new Dictionary<string, object?>(StringComparer.Ordinal)
        {
            ["iss"] = Address,
            ["aud"] = "do-snapshot",
            ["sub"] = "ann@example.com",
            ["iat"] = now.ToUnixTimeSeconds(),
            ["nbf"] = now.AddHours(-3).ToUnixTimeSeconds(),
            ["exp"] = now.AddHours(1).ToUnixTimeSeconds(),
        };
        foreach (var (name, value) in claims)
        {
            all[name] = value;
        }

        var signed = $"{Part(new { alg = algorithm, typ = "JWT", kid = KeyId })}.{Part(all.Where(c => c.Value is not null).ToDictionary(StringComparer.Ordinal))}";
        var bytes = Encoding.ASCII.GetBytes(signed);
        var signature = algorithm switch
        {
            "none" => [],
            "HS256" => HMACSHA256.HashData(Encoding.ASCII.GetBytes(_key.ExportSubjectPublicKeyInfoPem()), bytes),
            _ => (key ?? _key).SignData(bytes, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1),
        };
        return $"{signed}.{Base64Url.EncodeToString(signature)}";
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _key.Dispose();
    }

    private static string Part<T>(T value) => Base64Url.EncodeToString(JsonSerializer.SerializeToUtf8Bytes(value));
}
