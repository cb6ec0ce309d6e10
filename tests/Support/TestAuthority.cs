using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace DoSnapshot.Tests.Support;

/// <summary>An authority of a test's own that vouches for servers on this machine.</summary>
public sealed class TestAuthority : IDisposable
{
    private static readonly TimeSpan Lasts = TimeSpan.FromDays(1);

    private readonly X509Certificate2 authority;

    /// <summary>One of which nobody has heard.</summary>
    public TestAuthority()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=an authority of a test", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: false, pathLengthConstraint: 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, critical: true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        var now = TimeProvider.System.GetUtcNow();
        authority = request.CreateSelfSigned(now - Lasts, now + Lasts);
        File.WriteAllText(Path, authority.ExportCertificatePem());
    }

    /// <summary>The file with its certificate, for those who are to trust it.</summary>
    public string Path { get; } = System.IO.Path.GetTempFileName();

    /// <summary>A certificate, with its key, for a host.</summary>
    public X509Certificate2 Certify(string host = "localhost")
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={host}", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(host);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.1")], critical: false));
        var now = TimeProvider.System.GetUtcNow();
        using var signed = request.Create(authority, now - (Lasts / 2), now + (Lasts / 2), RandomNumberGenerator.GetBytes(8));
        return signed.CopyWithPrivateKey(key);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        authority.Dispose();
        File.Delete(Path);
    }
}
